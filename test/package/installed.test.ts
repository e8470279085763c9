import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { packageFile } from "../../src/package-file.ts";

const run = promisify(execFile);

/** What `npm pack --json` prints. */
const packedSchema = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
]);

/** An empty folder outside the project, in which the package's tarball is installed. */
let folder = "";
let tarball = "";
let files: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pull-through-installed-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: project });
  const [packed] = packedSchema.parse(JSON.parse(stdout));
  tarball = join(folder, packed.filename);
  files = packed.files.map(({ path }) => path);
  const options = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await run("npm", ["install", "--prefix", folder, ...options, tarball], { cwd: folder });
});

afterAll(() => rm(folder, { recursive: true }));

const project = packageFile(".");

const nodes = {
  "22.12": packageFile("test/node22/node_modules/node/bin/node"),
  "24": process.execPath,
};

type Ended = { readonly code: number | null; readonly output: string; readonly errors: string };

/** Runs the installed command in the folder, with nothing of this process's environment. */
function auditor(node: string, ...words: readonly string[]): Promise<Ended> {
  const program = join(folder, "node_modules/pull-through-auditor/dist/auditor.js");
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { HOME: folder }, maxBuffer: 10_000_000 };
    const child = execFile(node, [program, ...words], options, (_error, output, errors) =>
      resolve({ code: child.exitCode, output, errors }),
    );
  });
}

describe("the tarball", () => {
  it("holds what runs, the policies, the schemas, the documents of the checks and the deployment alone", () => {
    const known = [
      /^(package\.json|README\.md|LICENSE)$/,
      /^dist\/[\w-]+\.js(\.map)?$/,
      /^policies\/([\w-]+\/)?[\w.-]+\.json$/,
      /^demo\/policy\.json$/,
      /^docs\/checks\/[\w-]+\.md$/,
      /^deploy\//,
    ];
    expect(files.filter((file) => !known.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(known.filter((pattern) => !files.some((file) => pattern.test(file)))).toEqual([]);
  });

  it("has at most 1.5 MB", async () => {
    expect((await stat(tarball)).size).toBeLessThanOrEqual(1_500_000);
  });
});

/** What the commands of the help print when they are run in a folder with a demo's store and snapshot, in this order. */
const commandsOn = (
  version: string,
): Readonly<
  Record<string, readonly { readonly words: string; readonly prints: RegExp; readonly code: number }[]>
> => ({
  demo: [
    { words: "demo --store store --snapshot-out s.json", prints: /^PULL THROUGH CACHE AUDIT$/m, code: 0 },
    { words: "demo --store store --format json", prints: /"schemaVersion": 1/, code: 0 },
    // The audits of the first Node.js would be there for the second one.
    {
      words: `demo --nights 2 --store nights-${version}`,
      prints: /^2 audits of a simulated organization, 2026-07-03 to 2026-07-04,/m,
      code: 0,
    },
  ],
  audit: [{ words: "audit", prints: /region/i, code: 69 }],
  evaluate: [
    {
      words: "evaluate --snapshot s.json --format markdown",
      prints: /^## Pull through cache audit$/m,
      code: 1,
    },
  ],
  plan: [{ words: "plan --snapshot s.json", prints: /./, code: 1 }],
  apply: [{ words: "apply missing.json", prints: /missing\.json/, code: 78 }],
  check: [
    {
      words: "check node_modules/pull-through-auditor/deploy/member-role.yml",
      prints: /member-role\.yml/,
      code: 0,
    },
  ],
  checks: [
    { words: "checks", prints: /^rule-validation /m, code: 0 },
    { words: "checks rule-validation", prints: /^rule-validation/im, code: 0 },
  ],
  policy: [
    { words: "policy init - --from s.json --baseline", prints: /"waivers": \[/, code: 0 },
    {
      words: "policy lint node_modules/pull-through-auditor/policies/default.json",
      prints: /no problems found/,
      code: 0,
    },
    {
      words: "policy test node_modules/pull-through-auditor/policies/default.test.json",
      prints: /^ {2}ok /m,
      code: 0,
    },
    { words: "policy show --account 111122223333 --region eu-west-1", prints: /"version": 1/, code: 0 },
  ],
  completion: [{ words: "completion bash", prints: /^complete -o default -F /m, code: 0 }],
  history: [
    { words: "history --store store", prints: /^\d{8}T\d{6}Z-/m, code: 0 },
    { words: `history --store nights-${version} --format html`, prints: /2026-07-03 to 2026-07-04/, code: 0 },
  ],
  evidence: [
    { words: "evidence verify --store store", prints: /./, code: 0 },
    {
      words: `evidence --store nights-${version} --from 2026-07-03 --to 2026-07-04`,
      prints: /2 of 2 days have an audit/,
      code: 0,
    },
  ],
  diff: [
    { words: "diff --store store latest latest", prints: /./, code: 0 },
    { words: "diff --store store --fail-on never", prints: /./, code: 0 },
  ],
});

describe.each(Object.entries(nodes))("installed, on Node.js %s", (version, node) => {
  const commands = commandsOn(version);

  it("names its commands", async () => {
    const { output } = await auditor(node, "--help");
    const [, list = ""] = /^Commands:\n((?: {2}.*\n)+)/m.exec(output) ?? [];
    const named = Array.from(list.matchAll(/^ {2}([a-z]+)/gm), ([, name]) => name);
    expect(named.filter((name) => name !== "help").toSorted()).toEqual(Object.keys(commands).toSorted());
  });

  it("runs on that version", async () => {
    const { stdout } = await run(node, ["--version"]);
    expect(stdout.startsWith(`v${version}.`)).toBe(true);
  });

  it("runs each command, without a defect, a warning or a trace", async () => {
    const wrong: object[] = [];
    for (const { words, prints, code } of Object.values(commands).flat()) {
      const ended = await auditor(node, ...words.split(" "));
      const printed = ended.output + ended.errors;
      const isRight = ended.code === code && prints.test(printed) && !/Warning:|^ +at /m.test(ended.errors);
      if (!isRight) wrong.push({ words, code: ended.code, printed: printed.slice(0, 500) });
    }
    expect(wrong).toEqual([]);
  });

  it("writes the demo's page where the user stands", async () => {
    expect(await readFile(join(folder, "reports/demo.html"), "utf8")).toMatch(/^<!doctype html>/);
  });
});
