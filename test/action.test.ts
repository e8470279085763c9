import { execFile } from "node:child_process";
import {
  access,
  constants,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Result } from "sarif";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { packageFile } from "../src/package-file.ts";

const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string().optional() })),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
  runs: z.object({
    using: z.literal("composite"),
    steps: z.array(
      z.object({
        id: z.string().optional(),
        run: z.string().optional(),
        env: z.record(z.string(), z.string()).optional(),
      }),
    ),
  }),
});

const action = actionSchema.parse(parse(await readFile(packageFile("action.yml"), "utf8")));
const [step] = action.runs.steps.filter(({ id }) => id === "check");

/** Runs the action's step in a folder with the examples, as a runner would. */
async function runStep(inputs: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "action-"));
  try {
    for (const file of ["cloudformation/cache.yaml", "cloudformation/refused.json", "policy.json"]) {
      await mkdir(dirname(join(folder, "in", file)), { recursive: true });
      await copyFile(packageFile(`examples/${file}`), join(folder, "in", file));
    }
    for (const file of ["output", "summary"]) await writeFile(join(folder, file), "");
    const ended = await run(
      "bash",
      ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step?.run ?? "exit 99"],
      join(folder, "in"),
      {
        ...environmentOf(inputs),
        AUDITOR: packageFile("bin/auditor.ts"),
        GITHUB_OUTPUT: join(folder, "output"),
        GITHUB_STEP_SUMMARY: join(folder, "summary"),
      },
    );
    const read = (file: string) => readFile(join(folder, file), "utf8");
    const sarif = read("in/pull-through-auditor.sarif").catch(() => "");
    return { ...ended, outputs: await read("output"), summary: await read("summary"), sarif: await sarif };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The step's environment as the runner fills it in: the inputs, or their defaults. */
function environmentOf(inputs: Readonly<Record<string, string>>) {
  const filled = Object.entries(step?.env ?? {}).map(([name, expression]) => {
    if (/^\$\{\{ steps\.install\./.test(expression)) return [name, ""];
    const input = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(expression)?.[1] ?? "";
    expect(Object.keys(action.inputs)).toContain(input);
    return [name, inputs[input] ?? action.inputs[input]?.default ?? ""];
  });
  return Object.fromEntries(filled);
}

function run(
  command: string,
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
) {
  const path = `${packageFile("node_modules/.bin")}:${process.env["PATH"]}`;
  return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
    const child = execFile(command, words, { cwd, env: { ...env, PATH: path } }, (_error, output, errors) => {
      resolve({ code: child.exitCode ?? -1, output, errors });
    });
  });
}

describe("the GitHub Action", () => {
  it("runs its own build, or the package that it is given", async () => {
    const [install] = action.runs.steps.filter(({ id }) => id === "install");
    const folder = await mkdtemp(join(tmpdir(), "action-install-"));
    try {
      // Stand-ins for the build and for npm, which say how they were called.
      await mkdir(join(folder, "hooks"));
      for (const [file, text] of [
        ["hooks/build.sh", "echo /built/auditor.js"],
        ["npm", `echo "$@" > ${folder}/called`],
      ] as const) {
        await writeFile(join(folder, file), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
      }
      const programFor = async (given: string) => {
        await writeFile(join(folder, "output"), "");
        const words = [
          "--noprofile",
          "--norc",
          "-e",
          "-o",
          "pipefail",
          "-c",
          `PATH=${folder}:$PATH; ${install?.run}`,
        ];
        const ended = await run("bash", words, folder, {
          INPUT_PACKAGE: given,
          GITHUB_ACTION_PATH: folder,
          RUNNER_TEMP: folder,
          GITHUB_OUTPUT: join(folder, "output"),
        });
        expect(ended).toMatchObject({ code: 0, errors: "" });
        return readFile(join(folder, "output"), "utf8");
      };
      expect(await programFor("")).toBe("program=/built/auditor.js\n");
      expect(await programFor("x.tgz; touch in-was-run")).toBe(
        `program=${folder}/pull-through-auditor/node_modules/pull-through-auditor/dist/auditor.js\n`,
      );
      expect(await readFile(join(folder, "called"), "utf8")).toMatch(/ -- x\.tgz; touch in-was-run\n$/);
      await expect(access(join(folder, "in-was-run"))).rejects.toThrow("ENOENT");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("passes code that is fine, and leaves its reports", async () => {
    const ended = await runStep({
      files: "cloudformation/*.yaml",
      policy: "policy.json",
      account: "111122223333",
      region: "eu-west-1",
      parameters: "BaseAccount=444455556666\nStage=prod",
      strict: "true",
    });
    expect(ended).toMatchObject({ code: 0, errors: "" });
    expect(ended.outputs).toBe("exit-code=0\nsarif-file=pull-through-auditor.sarif\n");
    expect(ended.summary).toMatch(/^## Pull through cache rules in code\n\n\*\*Compliant/);
    expect(JSON.parse(ended.sarif)).toMatchObject({ version: "2.1.0" });
  });

  it("fails for code that is not, and tells where", async () => {
    const ended = await runStep({
      files: "cloudformation/cache.yaml\n\ncloudformation/**/*.json",
      policy: "policy.json",
    });
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.summary).toContain("`cloudformation/refused.json:5`");
    const results: readonly Result[] = JSON.parse(ended.sarif).runs[0].results;
    const result = results.find(({ kind }) => kind === "fail");
    expect(result?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: "cloudformation/refused.json" },
      region: { startLine: 5 },
    });
  });

  it("fails for a pattern that matches nothing", async () => {
    expect(await runStep({ files: "nowhere/*.yaml" })).toMatchObject({ code: 78, summary: "" });
  });

  it("takes no input for code", async () => {
    const ended = await runStep({ files: "$(touch in-was-run)", policy: "policy.json; touch in-was-run" });
    expect(ended.code).toBe(78);
    expect(ended.errors).toContain("policy.json; touch in-was-run");
    expect(step?.run).not.toContain("${{");
  });

  it("lets the runner take nothing that is shown for a command", async () => {
    const { output } = await runStep({ files: "cloudformation/*.yaml", policy: "policy.json" });
    const [first = "", ...lines] = output.trimEnd().split("\n");
    const [, token] = /^::stop-commands::([0-9a-f-]{36})$/.exec(first) ?? [];
    expect(lines.at(-1)).toBe(`::${token}::`);
    const again = await runStep({ files: "cloudformation/*.yaml", policy: "policy.json" });
    expect(again.output).not.toContain(token);
  });

  it("gives out what its steps say", () => {
    const given = Object.values(action.outputs).map(
      ({ value }) => /steps\.check\.outputs\.([a-z-]+)/.exec(value)?.[1],
    );
    expect(given).not.toEqual([]);
    for (const name of given) expect(step?.run).toContain(`"${name}=`);
  });
});

const hookSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  language: z.literal("script"),
  entry: z.string(),
  files: z.string(),
  require_serial: z.literal(true),
  minimum_pre_commit_version: z.string(),
});

describe("the pre-commit hooks", async () => {
  const hooks = z
    .array(hookSchema)
    .parse(parse(await readFile(packageFile(".pre-commit-hooks.yaml"), "utf8")));
  const [check, lint] = hooks;
  if (check === undefined || lint === undefined || hooks.length > 2)
    throw new Error("There must be two hooks.");

  /** A checkout as pre-commit makes one, with the packages of this one. */
  let checkout = "";

  beforeAll(async () => {
    checkout = await mkdtemp(join(tmpdir(), "pre-commit-"));
    const parts = [
      "bin",
      "demo",
      "docs/checks",
      "hooks",
      "policies",
      "src",
      "test/simulator",
      "tools/build.ts",
      "package.json",
    ];
    for (const part of parts) await cp(packageFile(part), join(checkout, part), { recursive: true });
    await symlink(packageFile("node_modules"), join(checkout, "node_modules"));
  });

  afterAll(() => rm(checkout, { recursive: true }));

  const runHook = (hook: (typeof hooks)[number], words: readonly string[]) =>
    run(join(checkout, hook.entry), words, tmpdir(), { HOME: tmpdir() });

  it.each(hooks)("$id is a script that can be run", async ({ entry }) => {
    await access(packageFile(entry), constants.X_OK);
  });

  it.each([
    ["serverless.yml", true],
    ["infra/serverless.yaml", true],
    ["cdk.out/Cache.template.json", true],
    ["template.yaml", true],
    ["plan.json", true],
    ["package.json", false],
    ["src/template.ts", false],
  ])("the one for code sees %s: %s", (file, isSeen) => {
    expect(new RegExp(check.files).test(file)).toBe(isSeen);
  });

  it.each([
    ["pull-through-policy.json", true],
    ["policies/pull-through-cache.policy.json", true],
    ["policy.json", false],
    ["policies/pull-through-policy.yaml", false],
  ])("the one for policies sees %s: %s", (file, isSeen) => {
    expect(new RegExp(lint.files).test(file)).toBe(isSeen);
  });

  it.each([
    ["cache.yaml", 0],
    ["refused.json", 1],
  ])("end for the example %s with %i, by the build", async (file, code) => {
    const words = [
      "--policy",
      packageFile("examples/policy.json"),
      packageFile(`examples/cloudformation/${file}`),
    ];
    expect(await runHook(check, words)).toMatchObject({ code, errors: "" });
    await access(join(checkout, "dist/auditor.js"));
  });

  it("end for a policy with a typo with 78, and for one without with 0", async () => {
    const policy = packageFile("examples/policy.json");
    expect(await runHook(lint, [policy])).toMatchObject({ code: 0, errors: "" });
    const wrong = join(checkout, "pull-through-policy.json");
    await writeFile(wrong, '{ "version": 1, "allowedUpstreams": [{ "registry": "quai" }] }');
    const ended = await runHook(lint, [policy, wrong]);
    expect(ended.code).toBe(78);
    expect(ended.errors).toContain('did you mean "quay"?');
  });
});
