import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parse as parseShell } from "shell-quote";
import { beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import * as z from "zod";
import { parseInvocation } from "../../functions/shared/invocation.ts";
import { checkIds } from "../../src/checks/index.ts";
import { runProgram } from "../../src/cli/program.ts";
import { packageFile } from "../../src/package-file.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { policySchema } from "../../src/policy/schema.ts";
import { awsProblems } from "./aws-cli.ts";
import { anchorsOf, documents, linksOf, snippetsOf } from "./snippets.ts";

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(packageFile("package.json"), "utf8")));
const { default: parameters } = z
  .object({ default: z.record(z.string(), z.unknown()) })
  .parse(parseYaml(readFileSync(packageFile("serverless/params.yml"), "utf8")));
const templateSchema = z.object({
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })),
});

/** What the auditor's help says, by command. */
const help = new Map<string, string>();

/** The documents whose events and patterns are tested by what they lead to, beside this file. */
const testedElsewhere = ["docs/alerts.md", "docs/reports.md", "docs/security-hub.md"];

const commands = documents.flatMap((document) =>
  snippetsOf(document, "sh").flatMap((snippet) => commandsIn(snippet).map((words) => ({ document, words }))),
);

/** The commands of a snippet, word by word, without its comments, variables and redirections. */
function commandsIn(snippet: string): readonly (readonly string[])[] {
  const lines = snippet.replaceAll(/(^|\s)# .*$/gm, "").replaceAll("\\\n", " ");
  const parts = parseShell(lines.replaceAll(/'[^']*'|\n/g, (it) => (it === "\n" ? " ; " : it)));
  const found: string[][] = [[]];
  parts.forEach((part, at) => {
    const before = parts[at - 1];
    if (typeof before === "object" && "op" in before && before.op === ">") return;
    if (typeof part === "string") found.at(-1)?.push(part);
    else if ("op" in part && part.op === "glob") found.at(-1)?.push(part.pattern);
    else found.push([]);
  });
  return found
    .map((words) => words.filter((word, at) => at > 0 || !/^[A-Z_]+=/.test(word)))
    .filter(([first]) => first !== undefined && first !== "");
}

async function helpOf(words: readonly string[]): Promise<string> {
  const said: string[] = [];
  const output = { write: (text: string) => said.push(text) };
  await runProgram([...words, "--help"], { output, errors: output, environment: { COLUMNS: "400" } });
  return said.join("");
}

beforeAll(async () => {
  for (const name of ["audit", "evaluate", "check", "checks", "history", "diff", "plan", "apply"]) {
    help.set(name, await helpOf([name]));
  }
  for (const name of ["evidence", "evidence verify"]) help.set(name, await helpOf(name.split(" ")));
  for (const name of ["init", "lint", "test", "show"])
    help.set(`policy ${name}`, await helpOf(["policy", name]));
});

function auditorProblems(words: readonly string[]): readonly string[] {
  const text = help.get(words.slice(0, 2).join(" ")) ?? help.get(words[0] ?? "");
  if (text === undefined) return [`auditor ${words.join(" ")}: there is no such command`];
  return words
    .filter((word) => word.startsWith("--") && !text.includes(word.split("=")[0] ?? word))
    .map((word) => `auditor ${words[0]} has no option ${word}`);
}

function npmProblems([, verb = "", ...rest]: readonly string[]): readonly string[] {
  if (["ci", "pack", "install"].includes(verb)) return [];
  const [script = verb, ...words] = verb === "run" ? rest.filter((word) => word !== "--silent") : [verb];
  if (scripts[script] === undefined) return [`npm has no script ${script}`];
  if (script === "serverless") return serverlessProblems(words);
  return script === "auditor" ? auditorProblems(words.filter((word) => word !== "--")) : [];
}

function serverlessProblems(words: readonly string[]): readonly string[] {
  const given = words.flatMap((word) => /^--param=(\w+)=/.exec(word)?.[1] ?? []);
  return given.filter((name) => !(name in parameters)).map((name) => `serverless/params.yml has no ${name}`);
}

function stackSetProblems(words: readonly string[]): readonly string[] {
  const file = words.flatMap((word) => /^file:\/\/(deploy\/.*)/.exec(word)?.[1] ?? [])[0];
  if (file === undefined) return [];
  const template = templateSchema.parse(
    parseYaml(readFileSync(packageFile(file), "utf8"), { logLevel: "silent" }),
  );
  const given = words.flatMap((word) => /^ParameterKey=(\w+),/.exec(word)?.[1] ?? []);
  const needed = Object.entries(template.Parameters).filter(([, { Default }]) => Default === undefined);
  return [
    ...given.filter((name) => !(name in template.Parameters)).map((name) => `${file} has no ${name}`),
    ...needed.filter(([name]) => !given.includes(name)).map(([name]) => `${file} needs ${name}`),
  ];
}

function problemsOf(words: readonly string[]): readonly string[] {
  const [program = "", name = ""] = words;
  if (program === "npm") return npmProblems(words);
  if (program === "pull-through-auditor") return auditorProblems(words.slice(1));
  if (program === "aws") return [...awsProblems(words), ...stackSetProblems(words)];
  if (program === "npx") return name === "vitest" ? [] : [`npx ${name} is none of the project's commands`];
  // What comes before: a copy of an example, and the plans that `terraform show -json` makes.
  if (["cp", "cd", "sha256sum", "terraform"].includes(program)) return [];
  return existsSync(packageFile(program)) ? [] : [`${program} is not a known program`];
}

describe("the commands in the documents", () => {
  it("are found", () => {
    expect(commands.length).toBeGreaterThan(80);
  });

  it.each(commands.map(({ document, words }) => [document, words.join(" "), words] as const))(
    "%s: %s",
    (_document, _text, words) => {
      expect(problemsOf(words)).toEqual([]);
    },
  );
});

describe("the policies in the documents", () => {
  const policies = documents.flatMap((document) =>
    snippetsOf(document, "json")
      .filter((snippet) => isPolicy(JSON.parse(snippet)))
      .map((snippet) => [document, snippet] as const),
  );

  it("are found", () => {
    expect(policies.length).toBeGreaterThan(60);
  });

  it.each(policies)("%s: hold, each section beside what every policy must have", (document, snippet) => {
    const policy = { version: 1, allowedUpstreams: [], ...JSON.parse(snippet) };
    expect(() => parsePolicy(policy, document, checkIds)).not.toThrow();
  });
});

function isPolicy(snippet: unknown): boolean {
  const keys = typeof snippet === "object" && snippet !== null ? Object.keys(snippet) : [];
  return keys.length > 0 && keys.every((key) => key in policySchema.shape);
}

describe("the events in the documents", () => {
  const events = documents
    .filter((document) => !testedElsewhere.includes(document) && document !== "docs/policy.md")
    .flatMap((document) => snippetsOf(document, "json").map((snippet) => [document, snippet] as const))
    .filter(([, snippet]) => !isPolicy(JSON.parse(snippet)));

  it("are found", () => {
    expect(events.map(([document]) => document)).toEqual(
      expect.arrayContaining(["docs/deploy.md", "docs/operations.md"]),
    );
  });

  it.each(events)("%s: are taken by the function: %s", (_document, snippet) => {
    expect(() => parseInvocation(JSON.parse(snippet))).not.toThrow();
  });
});

describe("the links in the documents", () => {
  const links = documents.flatMap((document) =>
    linksOf(document).map(({ path, heading }) => ({
      document,
      target: path === "" ? document : normalize(join(dirname(document), path)),
      heading,
    })),
  );

  it.each(links)("$document leads to $target#$heading", ({ target, heading }) => {
    expect(existsSync(packageFile(target))).toBe(true);
    if (heading !== "") expect(anchorsOf(target)).toContain(heading);
  });
});
