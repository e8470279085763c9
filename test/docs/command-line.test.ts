import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { settingNames } from "../../src/app/settings.ts";
import { exitCode } from "../../src/cli/exit-code.ts";
import { runProgram } from "../../src/cli/program.ts";
import { keysOf } from "../../src/core/records.ts";
import { factNames, facts } from "../../src/facts/index.ts";
import { packageFile } from "../../src/package-file.ts";

const cli = readFileSync(packageFile("docs/cli.md"), "utf8");

/** What the first column of a document's tables holds, under one heading or in all of it. */
function firstColumn(text: string, heading?: string): readonly string[] {
  const from = heading === undefined ? 0 : text.indexOf(`\n## ${heading}\n`);
  if (from < 0) throw new Error(`the document has no heading ${heading}`);
  const rest = text.slice(from + 1);
  const next = heading === undefined ? -1 : rest.indexOf("\n## ");
  const part = next < 0 ? rest : rest.slice(0, next);
  return Array.from(part.matchAll(/^\| (?!-)(.+?) \|/gm), ([, cell = ""]) => cell).slice(1);
}

async function commandsIn(words: readonly string[]): Promise<readonly string[]> {
  const said: string[] = [];
  const output = { write: (text: string) => said.push(text) };
  await runProgram([...words, "--help"], { output, errors: output, environment: { COLUMNS: "400" } });
  const [, after = ""] = said.join("").split("Commands:\n");
  const [list = ""] = after.split("\n\n");
  return Array.from(list.matchAll(/^ {2}([a-z]+)\b/gm), ([, name = ""]) => name).filter(
    (name) => name !== "help",
  );
}

describe("docs/cli.md", () => {
  it("has every command", async () => {
    const top = await commandsIn([]);
    const ofPolicy = (await commandsIn(["policy"])).map((name) => `policy ${name}`);
    const ofEvidence = (await commandsIn(["evidence"])).map((name) => `evidence ${name}`);
    const all = [...top.filter((name) => name !== "policy"), ...ofPolicy, ...ofEvidence, "demo"];
    const listed = firstColumn(cli, "Commands").map((cell) => cell.replaceAll("`", ""));
    expect(listed.toSorted()).toEqual([...new Set(all)].toSorted());
  });

  it("has every exit code", () => {
    const codes = keysOf(exitCode).map((name) => String(exitCode[name]));
    expect(firstColumn(cli, "Exit codes")).toEqual(codes);
  });
});

describe("docs/configuration.md", () => {
  it("has every variable of the environment", () => {
    const configuration = readFileSync(packageFile("docs/configuration.md"), "utf8");
    const listed = firstColumn(configuration).filter((cell) => cell.startsWith("`AUDIT_"));
    expect(listed).toEqual(settingNames.map((name) => `\`${name}\``));
  });
});

describe("the permission that reads a fact", () => {
  it.each(
    factNames.flatMap((name) => ["docs/cli.md", "docs/security.md"].map((file) => [name, file] as const)),
  )("of the fact %s is in %s", (name, file) => {
    const text = readFileSync(packageFile(file), "utf8");
    const actions = Array.from(text.matchAll(/`([a-z0-9]+:[A-Za-z]+)`/g), ([, action]) => action);
    expect(actions).toContain(facts[name].operation);
  });
});
