import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { checkIds } from "../../src/checks/index.ts";
import { formatNames } from "../../src/cli/formats.ts";
import { severities } from "../../src/schemas/finding.ts";
import { collectText } from "./support/collected-text.ts";

/** What Bash offers for the last of these words. */
async function offered(words: readonly string[]): Promise<readonly string[]> {
  const { output: script } = await collectText(["completion", "bash"]);
  const line = ["pull-through-auditor", ...words].map((word) => `'${word}'`).join(" ");
  const program = `${script}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}
_pull_through_auditor
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync("bash", ["-u", "-c", program], { encoding: "utf8" });
  return said.split("\n").filter((word) => word !== "");
}

describe("in Bash,", () => {
  it.each([
    [["aud"], ["audit"]],
    [["policy", ""], expect.arrayContaining(["lint", "test", "show", "--help"])],
    [["policy", "l"], ["lint"]],
    [["policy", "lint", "--ver"], ["--verbose"]],
    [["audit", "--snap"], ["--snapshot-out"]],
    [
      ["audit", "-p", "x.json", "--fail-on", ""],
      [...severities, "never"],
    ],
    [["audit", "--format", ""], formatNames],
    [
      ["evaluate", "-f", "oc"],
      ["ocsf", "ocsf-1.3"],
    ],
    [["check", "--skip-check", "ro"], ["root-prefix"]],
    [["checks", ""], expect.arrayContaining([...checkIds])],
    [["completion", "z"], ["zsh"]],
    [["help", "ap"], ["apply"]],
    [["plan", "--report", ""], []],
    [["apply", "pla"], []],
    [
      ["policy", "lint", "-f", ""],
      ["text", "json", "sarif"],
    ],
    [
      ["audit", "--regions", "eu-w"],
      ["eu-west-1", "eu-west-2", "eu-west-3"],
    ],
  ])("%j is completed to %j", async (words, expected) => {
    expect(await offered(words)).toEqual(expected);
  });
});

it.each(["bash", "zsh", "fish"])("the script for %s knows every command and option", async (shell) => {
  const { code, output, errors } = await collectText(["completion", shell]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  for (const word of ["audit", "lint", "include-passing", "rule-validation", "informational", "ocsf-1.3"]) {
    expect(output).toContain(word);
  }
});

/** Zsh and Fish may not be installed, so that their scripts are read. They were tried by hand on 2026-11-29. */
it.each([
  ["zsh", /^ {4}"policy lint:--format"\|"policy lint:-f"\) compadd -- text json sarif; return ;;$/m],
  ["zsh", /^ {4}"audit:--fail-on"\) compadd -- critical high medium low informational never; return ;;$/m],
  ["zsh", /^ {4}"policy lint"\) candidates=".*--strict.*" ;;$/m],
  [
    "fish",
    /^complete .* -n '__fish_seen_subcommand_from policy; and __fish_seen_subcommand_from lint' -l format -s f -x -a 'text json sarif' /m,
  ],
  [
    "fish",
    /^complete .* -n '__fish_seen_subcommand_from audit' -l fail-on -x -a 'critical high medium low informational never' /m,
  ],
])("the script for %s has the values of options: %s", async (shell, line) => {
  expect((await collectText(["completion", shell])).output).toMatch(line);
});

it("an unknown shell is bad usage", async () => {
  const { code, errors } = await collectText(["completion", "tcsh"]);
  expect(code).toBe(64);
  expect(errors).toContain("Allowed choices are bash, zsh, fish");
});
