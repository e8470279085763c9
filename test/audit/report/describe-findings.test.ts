import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingDescriber, undescribed } from "../../../src/audit/report/describe-findings.ts";
import { checks } from "../../../src/checks/index.ts";
import { statusSchema, transitionSchema } from "../../../src/schemas/finding.ts";
import { aPolicy, NOW } from "../../support/builders.ts";
import { aFinding } from "../../support/report-builders.ts";

const owners = [{ where: {}, name: "team-payments" }];
const describeFinding = findingDescriber(aPolicy({ owners }), new Map(), NOW);

function causeOf(overrides: Parameters<typeof aFinding>[0]) {
  return describeFinding(aFinding(overrides)).cause;
}

const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf";
const refused = {
  check: "rule-validation",
  kind: "validation-failed",
  data: { failure: "Access denied to the secret", credentialArn: secret, upstreamRegistryUrl: "quay.io" },
};
const elsewhere = { account: "444455556666", region: "us-east-1", prefix: "other" };
const otherPrefix = { prefix: "other" };

/** Two findings each: whether they have one cause. */
const pairs = {
  "a template's two settings": [
    { check: "creation-template", kind: "encryption", data: { template: "ROOT" } },
    { check: "creation-template", kind: "no-lifecycle-policy", data: { template: "ROOT" }, ...otherPrefix },
    true,
  ],
  "templates of two registries": [
    { check: "creation-template", kind: "encryption", data: { template: "ROOT" } },
    { check: "creation-template", kind: "encryption", data: { template: "ROOT" }, ...elsewhere },
    false,
  ],
  "a registry without templates": [
    { check: "creation-template", kind: "template-missing", data: {} },
    { check: "creation-template", kind: "template-missing", data: {}, ...otherPrefix },
    true,
  ],
  "the scanning of a registry": [
    { check: "scan-coverage", kind: "not-scanned", data: {} },
    { check: "scan-coverage", kind: "partly-scanned", data: {}, ...otherPrefix },
    true,
  ],
  "a policy with two statements": [
    { check: "registry-policy", kind: "untrusted-let-in", data: {}, prefix: null },
    { check: "registry-policy", kind: "all-but-some-let-in", data: {}, prefix: null },
    true,
  ],
  "a secret, and a rule that AWS says cannot use it": [
    refused,
    { check: "secret-health", kind: "secret-being-deleted", data: { credentialArn: secret }, ...otherPrefix },
    true,
  ],
  "two rules whose upstream is down": [
    { ...refused, data: { ...refused.data, failure: "The upstream is unavailable" } },
    { ...refused, data: { ...refused.data, failure: "Connection timed out" }, ...elsewhere },
    true,
  ],
  "two rules that AWS says nothing known about": [
    { ...refused, data: { ...refused.data, failure: "No." } },
    { ...refused, data: { ...refused.data, failure: "No." }, ...otherPrefix },
    false,
  ],
  "a role that is missing": [
    { ...refused, data: { failure: "Not authorized: no role is associated", credentialArn: null } },
    { check: "upstream-role", kind: "role-missing", data: {} },
    true,
  ],
  "two failures of a name": [
    { check: "prefix-convention", kind: "prefix-pattern", data: {} },
    { check: "prefix-convention", kind: "prefix-of-upstream", data: {} },
    true,
  ],
  "two prefixes": [
    { check: "prefix-convention", kind: "prefix-pattern", data: {} },
    { check: "prefix-convention", kind: "prefix-pattern", data: {}, ...otherPrefix },
    false,
  ],
  "an account whose role cannot be assumed": [
    unknown("sts:AssumeRole", {}),
    unknown("ecr:DescribePullThroughCacheRules", { region: "us-east-1", check: "rule-quota" }),
    true,
  ],
  "two accounts that cannot be reached": [
    unknown("sts:AssumeRole", {}),
    unknown("sts:AssumeRole", elsewhere),
    false,
  ],
  "two checks of one rule": [
    { check: "allowed-upstream", kind: "upstream-not-allowed", data: {} },
    { check: "duplicate-upstream", kind: "upstream-cached-already", data: {} },
    false,
  ],
  "a finding without its facts": [
    { check: "secret-health", kind: "secret-missing", data: {} },
    { check: "secret-health", kind: "secret-missing", data: {}, ...otherPrefix },
    false,
  ],
} as const satisfies Record<string, readonly [object, object, boolean]>;

function unknown(operation: string, overrides: object) {
  const data = { reason: "role-not-assumable", operation };
  return { status: "UNKNOWN", kind: "evidence-unreadable", data, transition: null, ...overrides } as const;
}

describe("the cause of findings", () => {
  it.each(Object.entries(pairs))("of %s", (_name, [one, other, isShared]) => {
    const [first, second] = [causeOf({ id: "1", ...one }), causeOf({ id: "2", ...other })];
    expect(first).not.toBeNull();
    expect(first?.id === second?.id).toBe(isShared);
  });

  it("is the rule, or the registry as a whole, if no other finding can share it", () => {
    const unshared = { check: "required-rule", kind: "rule-missing", data: {} };
    expect(causeOf(unshared)).toEqual({
      id: "f-0001",
      kind: "rule",
      subject: "docker-hub 111122223333 eu-west-1",
    });
    expect(causeOf({ ...unshared, prefix: null })?.kind).toBe("registry");
    expect(causeOf({ ...unshared, check: "a-custom-check" })?.kind).toBe("rule");
  });

  it("is nothing where nothing is wrong", () => {
    expect(causeOf({ status: "PASS", transition: null })).toBeNull();
    expect(causeOf({ status: "NOT_APPLICABLE", transition: null })).toBeNull();
  });
});

describe("the age of a finding", () => {
  it.each([
    ["2026-11-20T02:00:00.000Z", 0],
    ["2026-11-19T23:59:59.999Z", 0],
    ["2026-11-19T02:00:09.000Z", 1],
    ["2026-10-30T02:00:09.000Z", 21],
    ["2026-12-24T00:00:00.000Z", 0],
    ["not a time", null],
  ])("since %s is %j days", (firstSeenAt, days) => {
    expect(describeFinding(aFinding({ firstSeenAt })).openDays).toBe(days);
  });

  it("is nothing for what does not fail", () => {
    expect(describeFinding(aFinding({ status: "UNKNOWN", transition: null })).openDays).toBeNull();
    expect(describeFinding(aFinding({ status: "PASS", transition: "resolved" })).openDays).toBe(0);
  });
});

describe("the requirements of a finding", () => {
  const requirements = ["CIS EKS 5.1.1", "Platform standard 4.2"];
  const describeWith = findingDescriber(
    aPolicy({
      customChecks: [
        {
          id: "our-own",
          title: "Ours",
          severity: "low",
          appliesTo: "rule",
          assert: "true",
          message: "m",
          remediation: "r",
        },
      ],
      checks: { "scan-coverage": { requirements }, "our-own": { requirements } },
    }),
    new Map(),
    NOW,
  );
  const requirementsOf = (check: string) => describeWith(aFinding({ check })).requirements;

  it("are those of the catalogue and those that the policy adds, each once", () => {
    const catalogue = checks.find(({ id }) => id === "scan-coverage")?.requirements ?? [];
    expect(catalogue).toContain("CIS EKS 5.1.1");
    expect(requirementsOf("scan-coverage")).toEqual([...catalogue, "Platform standard 4.2"]);
  });

  it("of a custom check are those of the policy", () => {
    expect(requirementsOf("our-own")).toEqual(requirements);
  });

  it.each(["rule-validation", "constructor", "unheard-of"])("are none for %s", (check) => {
    expect(requirementsOf(check)).toEqual([]);
  });
});

describe("describing findings", () => {
  it("changes nothing else, and can be taken back", () => {
    const finding = fc.record({
      status: fc.constantFrom(...statusSchema.options),
      transition: fc.option(fc.constantFrom(...transitionSchema.options)),
      check: fc.constantFrom("rule-validation", "creation-template", "unheard-of"),
      kind: fc.constantFrom("validation-failed", "encryption", "toString", "constructor"),
      data: fc.dictionary(fc.constantFrom("credentialArn", "template", "failure"), fc.jsonValue()),
    });
    fc.assert(
      fc.property(finding, (overrides) => {
        const found = aFinding(overrides);
        const described = describeFinding(found);
        expect(undescribed([described])).toEqual([found]);
        expect(described.owner?.name).toBe("team-payments");
      }),
    );
  });
});
