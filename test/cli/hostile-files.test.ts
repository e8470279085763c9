import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkFormatNames } from "../../src/cli/check/formats.ts";
import { formatNames } from "../../src/cli/formats.ts";
import { planFormatNames } from "../../src/cli/plan/write-plan.ts";
import { effectsOf } from "../../src/remediation/plan/change.ts";
import { fingerprintOf } from "../../src/remediation/plan/fingerprint.ts";
import { registryBefore, renamed } from "../e2e/support/remediation.ts";
import { aPolicyFile, aRegistryOf, NOW } from "../support/builders.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { runAuditor } from "./support/run-auditor.ts";

/** A text that clears screens, hides, and gives commands to CI systems. It can be part of a file's name. */
const hostile = "a\u001b[2J\u009b2J\u202e\u2066\r\n::error::x\n##[error]x ##vso[task.x]\u2028::warning::y";

/** What a terminal executes, what hides, and what CI systems take for a command. */
const dangerous = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|^::(?:error|warning)|##\[|##vso\[/imu;

let folder = "";
/** A file with a hostile name. */
let file = "";
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "hostile-")), hostile);
  await mkdir(folder);
  file = join(folder, hostile);
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

const policyFile = () => join(folder, "policy.json");
const writePolicy = (overrides: object = {}) =>
  writeFile(policyFile(), JSON.stringify({ ...aPolicyFile(), name: hostile, ...overrides }));

/** Runs a command, and refuses what would do anything on a terminal or in a CI log. */
async function run(...words: readonly string[]) {
  const ended = await runAuditor(words, {}, {});
  // CSV ends its lines with CR and LF.
  const text = `${ended.output}\n${ended.errors}`.replaceAll("\r\n", "\n");
  expect(text.match(dangerous)?.[0], text.slice(0, 2_000)).toBeUndefined();
  return ended;
}

const rule = { ecrRepositoryPrefix: hostile, upstreamRegistryUrl: hostile };
const registry = aRegistryOf({
  ...rule,
  upstreamRegistry: hostile,
  upstreamRepositoryPrefix: hostile,
  credentialArn: hostile,
});
const snapshot = {
  schemaVersion: 1,
  collectedAt: NOW.toISOString(),
  request: { trigger: "schedule", accounts: null, regions: null, prefixes: null },
  excludedAccounts: [],
  registries: [
    { ...registry, target: { ...registry.target, accountName: hostile, organizationalUnits: [hostile] } },
  ],
};
const finding = aFinding({
  accountName: hostile,
  prefix: hostile,
  check: hostile,
  kind: hostile,
  title: hostile,
  message: hostile,
  remediation: hostile,
  docs: hostile,
});
const report = aReport({ policy: { name: hostile, digest: hostile }, findings: [finding] });

describe("no file does anything on a terminal or in CI, in", () => {
  it.each([
    "{",
    JSON.stringify({ [hostile]: hostile }),
    JSON.stringify(hostile),
    `"${hostile}`,
    `- ${hostile}\n? [`,
  ])("any command that reads %j", async (text) => {
    await writePolicy();
    await writeFile(file, text);
    for (const words of [
      ["policy", "lint", file],
      ["policy", "show", "--account", "111122223333", "--region", "eu-west-1", "--policy", file],
      ["policy", "test", file],
      ["policy", "test", file, file],
      ["check", file],
      ["check", file, "--policy", file],
      ["evaluate", "--snapshot", file],
      ["evaluate", "--snapshot", file, "--policy", file],
      ["plan", "--snapshot", file],
      ["plan", "--report", file],
      ["diff", file, file],
      ["history", "--store", folder],
      ["apply", file, "--yes"],
      ["audit", "--policy", file],
    ]) {
      expect((await run(...words)).code).not.toBe(70);
    }
  });

  it("policy lint, show and test", async () => {
    const override = { where: { regions: ["eu-west-1"] }, set: { undeclaredRules: "forbid" } };
    await writePolicy({ overrides: [override] });
    await run("policy", "lint", policyFile());
    const place = ["--account", "111122223333", "--region", "eu-west-1"];
    const shown = await run("policy", "show", ...place, "--policy", policyFile());
    expect(shown.code).toBe(0);
    const underTest = { account: "111122223333", region: "eu-west-1", rules: [] };
    const cases = [{ name: "x", registry: underTest, expect: { [hostile]: { "root-prefix": "PASS" } } }];
    await writeFile(file, JSON.stringify({ policy: "policy.json", cases }));
    expect((await run("policy", "test", file)).code).toBe(1);
    await writeFile(file, JSON.stringify({ policy: hostile, cases: [{ ...cases[0], name: hostile }] }));
    expect((await run("policy", "test", file)).code).toBe(78);
    await writeFile(file, JSON.stringify({ policy: `${hostile}/none.json`, cases }));
    expect((await run("policy", "test", file)).code).toBe(78);
  });

  it.each(checkFormatNames)("check --format %s", async (format) => {
    await writePolicy({ allowedUpstreams: [] });
    const Properties = { EcrRepositoryPrefix: hostile, UpstreamRegistryUrl: hostile, CredentialArn: hostile };
    const template = { Resources: { [hostile]: { Type: "AWS::ECR::PullThroughCacheRule", Properties } } };
    const change = {
      address: `aws_ecr_pull_through_cache_rule.${hostile}`,
      type: "aws_ecr_pull_through_cache_rule",
      change: {
        actions: ["create"],
        after: { ecr_repository_prefix: hostile, upstream_registry_url: hostile, region: hostile },
        after_unknown: {},
      },
    };
    const resources = [{ address: change.address, provider_config_key: hostile }];
    const configuration = {
      provider_config: { [hostile]: { expressions: { region: { constant_value: hostile } } } },
      root_module: { resources },
    };
    const plan = { format_version: "1.2", resource_changes: [change], configuration };
    for (const code of [template, plan]) {
      await writeFile(file, JSON.stringify(code));
      const words = ["check", file, "--policy", policyFile(), "--format", format, "--include-passing"];
      expect((await run(...words)).code).toBe(1);
    }
  });

  it.each(formatNames)("evaluate --format %s", async (format) => {
    await writePolicy();
    await writeFile(file, JSON.stringify(snapshot));
    const words = ["--policy", policyFile(), "--format", format, "--include-passing"];
    expect((await run("evaluate", "--snapshot", file, ...words)).code).toBe(1);
  });

  it.each(planFormatNames)("plan --format %s", async (format) => {
    await writePolicy({ allowedUpstreams: [] });
    await writeFile(file, JSON.stringify(snapshot));
    const { output } = await run("plan", "--snapshot", file, "--policy", policyFile(), "--format", format);
    expect(output === "").toBe(format === "cloudformation");
  });

  it.each(["text", "json", "markdown"])("diff --format %s", async (format) => {
    await writeFile(file, JSON.stringify(report));
    await writeFile(policyFile(), JSON.stringify({ ...report, findings: [] }));
    expect((await run("diff", policyFile(), file, "--format", format)).code).toBe(1);
  });

  it("apply, with its journal", async () => {
    const planned = {
      schemaVersion: 1,
      plannedAt: NOW.toISOString(),
      policy: { name: hostile, digest: hostile },
    };
    const place = { account: "111122223333", accountName: hostile, region: "eu-west-1" };
    const after = {
      ...rule,
      ecrRepositoryPrefix: "quay",
      upstreamRepositoryPrefix: hostile,
      credentialArn: null,
      customRoleArn: null,
    };
    const because = [{ check: hostile, kind: hostile, title: hostile }];
    const effects = effectsOf({ kind: "create", before: null, after });
    const change = { action: "create", before: null, after, because, effects };
    const registries = [{ ...place, fingerprint: fingerprintOf([]), rules: [], changes: [change] }];
    await writeFile(file, JSON.stringify({ ...planned, registries, instructions: [], leftAlone: [] }));
    const journal = join(folder, "journal");
    await writeFile(journal, `${JSON.stringify({ [hostile]: hostile })}\n`);
    const ended = await run("apply", file, "--yes", "--journal", journal);
    expect(ended).toMatchObject({ output: expect.stringContaining("quay") });
    expect(ended.code).toBe(78);
    await run("apply", file, "--yes", "--journal", join(folder, "none", hostile));
    await run("apply", file);
  });

  it("apply, where not all is applied and the journal has a hostile name", async () => {
    await using workspace = await registryBefore([renamed]);
    await workspace.plan();
    const { code, output, errors } = await workspace.run(
      "apply",
      workspace.planFile,
      "--yes",
      "--journal",
      file,
    );
    expect(code).toBe(1);
    expect(errors).toContain("journal: ");
    expect(`${output}\n${errors}`).not.toMatch(dangerous);
  });

  it("words that were typed", async () => {
    for (const words of [
      [hostile],
      ["checks", hostile],
      ["policy", hostile],
      ["check", file, "--format", hostile],
      ["check", file, "--parameter", hostile],
      ["check", file, "--account", hostile],
      ["audit", "--store", hostile],
      ["audit", "--snapshot-out", join(folder, "none", hostile)],
      ["evaluate", "--snapshot", file, "--format", `json=${join(folder, "none", hostile)}`],
    ]) {
      expect((await run(...words)).code).not.toBe(0);
    }
  });
});
