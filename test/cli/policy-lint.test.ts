import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/schemas/finding.ts";
import { smallWorld } from "../e2e/support/organization.ts";
import { makePolicyFolder } from "../e2e/support/policy-folder.ts";
import { rule } from "../simulator/world-builder.ts";
import type { PolicyFile } from "../support/builders.ts";
import { runAuditor } from "./support/run-auditor.ts";
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
    expect(head).toBe("policy.json: 4 problems");
    expect(problems).toEqual([
      "  $.waivers[0].expires has expired: 2020-01-31 was the last day on which the waiver was valid",
      expect.stringMatching(
        /^ {2}\$\.waivers\[1\]\.check does not match any check; .*, no-personal-secrets$/,
      ),
      "  $.allowedUpstreams[1] is redundant: $.allowedUpstreams[0] allows everything that it allows",
      "  $.requiredRules[0].registry is required, but no entry of allowedUpstreams allows it",
    ]);
  });

  it("lists them together with what no audit can use", async () => {
    const customChecks = [{ ...ownCheck, assert: "rule.credentailArn != ''" }];
    const { code, errors } = await lint({ ...flawed, customChecks, prefixes: { maxLength: 99 } });
    expect(code).toBe(78);
    expect(errors).toMatch(/^policy\.json: 6 problems\n/);
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
