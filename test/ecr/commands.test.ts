import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { awsOnRule } from "../../src/ecr/commands.ts";

/** The words that `aws` is called with when a shell runs the command. */
async function wordsOf(command: string): Promise<readonly string[]> {
  const script = `aws() { printf '%s\\0' "$@"; }\n${command}\n`;
  const { stdout } = await promisify(execFile)("sh", ["-c", script]);
  return stdout.split("\0").slice(0, -1);
}

it.each([
  "docker-hub",
  "it's; rm -rf $(HOME) `x` \\0101 %s",
  "a\u001b[2J\u009b2J\u202e\r\n::error::x\n##[error] ##vso[x] it's \\0101",
  "ends with line breaks \u001b\n\n",
  "\n",
  "\u00e9\ud83d\ude00\u200b7",
])("a command for a script is harmless, and passes %j on unchanged", async (prefix) => {
  const command = awsOnRule("delete", { region: "eu-west-1" }, { ecrRepositoryPrefix: prefix });
  expect(command).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]|^::|##/mu);
  expect(await wordsOf(command)).toEqual([
    "ecr",
    "delete-pull-through-cache-rule",
    "--region=eu-west-1",
    `--ecr-repository-prefix=${prefix}`,
  ]);
});
