import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/schemas/finding.ts";
import { lintReportSchema } from "../../src/schemas/policy-lint.ts";
import { smallWorld } from "../e2e/support/organization.ts";
import { makePolicyFolder } from "../e2e/support/policy-folder.ts";
import { rule } from "../simulator/world-builder.ts";
import type { PolicyFile } from "../support/builders.ts";
import { runAuditor, runAuditorProcess } from "./support/run-auditor.ts";
import { setUpWorkspace } from "./support/workspace.ts";

const ownCheck = {
  id: "no-personal-secrets",
  title: "Rules use secrets of teams",
  severity: "medium",
  appliesTo: "rule",
  assert: "!rule.credentialArn.contains('/personal-')",
  message: "The rule authenticates with somebody's own access token.",
  remediation: "Store a token of a service account.",
} as const;

/** A policy that can be audited by, with problems that only the linter reports. */
const flawed: PolicyFile = {
  version: 1,
  waivers: [
    { check: "no-personal-secrets", reason: "known", owner: "team-a", expires: "2020-01-31" },
    { check: "no-personal-secret", reason: "known", owner: "team-a", expires: "2199-01-31" },
  ],
  customChecks: [ownCheck],
  allowedUpstreams: [{ registry: "docker-hub" }, { registry: "docker-hub", prefixes: ["hub"] }],
  requiredRules: [{ prefix: "quay", registry: "quay" }],
};

async function lint(file: object) {
  await using files = await makePolicyFolder();
  await writeFile(files.policyFile, JSON.stringify(file));
  const { code, output, errors } = await runAuditor(["policy", "lint", files.policyFile]);
  const shorten = (text: string) => text.replaceAll(files.policyFile, "policy.json");
  return { code, output: shorten(output), errors: shorten(errors) };
}

describe("policy lint", () => {
  it("lists what an audit would accept, each problem with its path, in the order of the file", async () => {
    const { code, output, errors } = await lint(flawed);
    expect({ code, output }).toEqual({ code: 78, output: "" });
    const [head, ...problems] = errors.trimEnd().split("\n");
    expect(head).toBe("policy.json: 3 problems");
    expect(problems).toEqual([
      expect.stringMatching(
        /^ {2}\$\.waivers\[1\]\.check does not match any check; .*; did you mean "no-personal-secrets"\?$/,
      ),
      "  $.allowedUpstreams[1] is redundant: $.allowedUpstreams[0] allows everything that it allows",
      "  $.requiredRules[0].registry is required, but no entry of allowedUpstreams allows it",
      "policy.json: warning: $.waivers[0].expires: has expired: 2020-01-31 was the last day on which the waiver was valid",
    ]);
  });

  it("lists them together with what no audit can use", async () => {
    const customChecks = [{ ...ownCheck, assert: "rule.credentailArn != ''" }];
    const { code, errors } = await lint({ ...flawed, customChecks, prefixes: { maxLength: 99 } });
    expect(code).toBe(78);
    expect(errors).toMatch(/^policy\.json: 5 problems\n/);
    expect(errors).toContain(
      "  $.customChecks[0].assert is not valid: unknown field credentailArn (at character 6: credentailArn)\n",
    );
    expect(errors).toContain("  $.prefixes.maxLength must be at most 30\n");
  });

  it("says so when nothing is wrong", async () => {
    const { version } = flawed;
    const ended = await lint({ version, customChecks: [ownCheck], allowedUpstreams: [{ registry: "quay" }] });
    expect(ended).toMatchObject({ code: 0, errors: "" });
    expect(ended.output).toMatch(/^policy\.json: no problems found /);
  });
});

describe("a policy that only the linter refuses", () => {
  it("is still one to audit by, its own checks included", async () => {
    const personal = { credential: "ecr-pullthroughcache/personal-jo" };
    const rules = [rule("docker-hub", "docker-hub"), rule("hub", "docker-hub", personal)];
    await using workspace = await setUpWorkspace(smallWorld({ rules }), flawed);
    const { code, output } = await workspace.audit(["--format", "json"]);
    expect(code).toBe(1);
    const findings: readonly Finding[] = JSON.parse(output).findings;
    expect(findings.filter(({ check }) => check === "no-personal-secrets")).toMatchObject([
      {
        status: "FAIL",
        severity: "medium",
        prefix: "hub",
        kind: "assertion-failed",
        docs: "docs/custom-checks.md",
      },
    ]);
  });
});

it("the problems of several policies are all listed", async () => {
  await using files = await makePolicyFolder();
  await writeFile(join(files.folder, "one.json"), '{"version":2}');
  await writeFile(join(files.folder, "other.json"), "{");
  const words = ["policy", "lint", "one.json", files.policyFile, "other.json"];
  const { code, output, errors } = await runAuditor(words, {}, { cwd: files.folder });
  expect(code).toBe(78);
  expect(output).toContain(`${files.policyFile}: no problems found`);
  expect(errors).toContain("one.json: ");
  expect(errors).toContain("$.version must be 1");
  expect(errors).toContain("other.json: 1 problem");
});

/** A policy with one warning. */
const outdated = {
  version: 1,
  allowedUpstreams: [{ registry: "quay" }],
  waivers: [{ check: "root-prefix", reason: "known", owner: "team-a", expires: "2020-01-31" }],
};

describe("warnings", () => {
  it.each([
    { words: [], code: 0, says: "policy.json: warning: $.waivers[0].expires: has expired" },
    { words: ["--strict"], code: 78, says: "policy.json: 1 problem\n  $.waivers[0].expires has expired" },
  ])("are errors only with --strict: $words", async ({ words, code, says }) => {
    await using files = await makePolicyFolder();
    await writeFile(join(files.folder, "policy.json"), JSON.stringify(outdated));
    const ended = await runAuditor(["policy", "lint", "policy.json", ...words], {}, { cwd: files.folder });
    expect(ended.code).toBe(code);
    expect(ended.errors).toContain(says);
    expect(ended.output.includes("policy.json: no problems found")).toBe(code === 0);
  });
});

const several = ["wrong.json", "old.json", "missing.json", "-"];

/** Lints four policies: one that is wrong, one with a warning, one that does not exist, one of standard input. */
async function lintSeveral(...words: readonly string[]) {
  await using files = await makePolicyFolder();
  await writeFile(join(files.folder, "wrong.json"), JSON.stringify({ ...flawed, version: 2 }, null, 2));
  await writeFile(join(files.folder, "old.json"), JSON.stringify(outdated, null, 2));
  const input = '{ "version": 1,\n  "allowedUpstreams": [{ "registry": "quay", "urls": ["quay.oi"] }] }';
  const at = { cwd: files.folder, input };
  const { code, output } = await runAuditorProcess(["policy", "lint", ...several, ...words], {}, at);
  expect(code).toBe(78);
  return output;
}

describe("several policies and standard input", () => {
  it("are one JSON document, as its schema says", async () => {
    const report: unknown = JSON.parse(await lintSeveral("--format", "json"));
    expect(lintReportSchema.parse(report)).toMatchObject({
      files: [
        { file: "wrong.json", policy: null, problems: expect.arrayContaining([]) },
        {
          file: "old.json",
          policy: { name: "unnamed policy" },
          problems: [{ rule: "expired-waiver", level: "warning", line: 13, column: 7 }],
        },
        { file: "missing.json", policy: null, problems: [{ rule: "unreadable", line: null }] },
        {
          file: "-",
          problems: [{ rule: "impossible-host", path: "$.allowedUpstreams[0].urls[0]", line: 2, column: 55 }],
        },
      ],
    });
  });

  it("are one SARIF log with a place for each problem", async () => {
    const { runs } = JSON.parse(await lintSeveral("--format", "sarif"));
    const results: readonly SarifResult[] = runs[0].results;
    expect(results.map(({ level, locations }) => ({ level, ...locations[0]?.physicalLocation }))).toEqual(
      expect.arrayContaining([
        { level: "error", artifactLocation: { uri: "wrong.json" }, region: { startLine: 2, startColumn: 3 } },
        {
          level: "warning",
          artifactLocation: { uri: "old.json" },
          region: { startLine: 13, startColumn: 7 },
        },
        { level: "error", artifactLocation: { uri: "missing.json" }, region: { startLine: 1 } },
        { level: "error", artifactLocation: { uri: "-" }, region: { startLine: 2, startColumn: 55 } },
      ]),
    );
  });

  it("are written to files in the format of their suffix", async () => {
    await using files = await makePolicyFolder();
    const words = ["policy", "lint", files.policyFile, "-o", "lint.sarif", "-o", "lint.json"];
    expect(await runAuditor(words, {}, { cwd: files.folder })).toMatchObject({ code: 0, output: "" });
    const texts = await Promise.all(
      ["lint.sarif", "lint.json"].map((file) => readFile(join(files.folder, file), "utf8")),
    );
    expect(texts.map((text) => JSON.parse(text))).toMatchObject([{ version: "2.1.0" }, { schemaVersion: 1 }]);
  });

  it("take standard input once", async () => {
    const { code, errors } = await runAuditor(["policy", "lint", "-", "-"]);
    expect({ code, errors }).toEqual({
      code: 64,
      errors: "Standard input can be read only once: name - once\n",
    });
  });
});

type SarifResult = {
  readonly level: string;
  readonly locations: readonly { readonly physicalLocation: object }[];
};
