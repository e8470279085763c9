import { describe, expect, it } from "vitest";
import { collectText } from "./support/collected-text.ts";

const helpOf = async (words: readonly string[]) => (await collectText(["help", ...words])).output;

function commandsIn(help: string): readonly string[] {
  const [, list = ""] = /^Commands:\n((?: {2}.*\n)+)/m.exec(help) ?? [];
  return Array.from(list.matchAll(/^ {2}([a-z]+)/gm), ([, name = ""]) => name).filter(
    (name) => name !== "help",
  );
}

const program = commandsIn(await helpOf([]));
const ofPolicy = commandsIn(await helpOf(["policy"]));
const ofEvidence = commandsIn(await helpOf(["evidence"]));
const commands = [
  ...program.map((name) => [name]),
  ...ofPolicy.map((name) => ["policy", name]),
  ...ofEvidence.map((name) => ["evidence", name]),
];

it("there are commands to explain", () => {
  expect(commands.length).toBeGreaterThan(10);
});

describe.each(commands.map((words) => [words.join(" "), words] as const))("the help of %s", (name, words) => {
  it("has examples, whose options it explains", async () => {
    const help = await helpOf(words);
    const [, listed = ""] = /^Examples:\n((?: {2}.*\n?)+)/m.exec(help) ?? [];
    const examples = listed.split("\n").filter((line) => line !== "");
    expect(examples.length).toBeGreaterThan(0);
    const ownExamples = examples.filter((line) => line.startsWith(`  pull-through-auditor ${name}`));
    expect(ownExamples.length).toBeGreaterThan(0);
    const used = ownExamples.flatMap((line) => line.match(/(?<= )--?[a-z][a-z-]*/g) ?? []);
    const [, options = ""] = /^Options:\n((?: {2}.*\n?)+)/m.exec(help) ?? [];
    const explained: readonly string[] = options.match(/(?<=[ ,])--?[a-z][a-z-]*/g) ?? [];
    expect(used.filter((option) => !explained.includes(option))).toEqual([]);
  });

  it("names the variables that it reads", async () => {
    const help = await helpOf(words);
    expect(/^Environment:\n {2}[A-Z_]+ {2}/m.test(help)).toBe(!["completion", "policy init"].includes(name));
  });
});

it("the help of an unknown command is bad usage", async () => {
  const { code, errors } = await collectText(["help", "adit"]);
  expect(code).toBe(64);
  expect(errors).toContain("unknown command 'adit'");
  expect(errors).toContain("Did you mean audit?");
});
