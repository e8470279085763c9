import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/core/problem.ts";
import { readPolicyTest, refuseUnknownChecks } from "../../src/policy-test/schema.ts";
import { aCaseFile, aPolicyTestFile, aRegistryFile, type CaseFile } from "./builders.ts";

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map((p) => `${p.path} ${p.message}`);
    throw error;
  }
  return [];
}

function problemsOfCase(spoilt: object): readonly string[] {
  const file = { ...aPolicyTestFile(), cases: [{ ...aCaseFile(), ...spoilt }] };
  return problemsOf(() => readPolicyTest(JSON.stringify(file), "cases.json"));
}

function withRule(rule: object): object {
  return { registry: { ...aRegistryFile(), rules: [rule] } };
}

describe("a file of cases", () => {
  it("is read as it is, with a schema named or not", () => {
    const file = aPolicyTestFile({ $schema: "../policy-test.schema.json" });
    expect(readPolicyTest(JSON.stringify(file), "cases.json")).toMatchObject({
      policy: "policy.json",
      cases: [{ name: "all is well", failing: {} }],
    });
  });

  it("is refused where a key is given twice", () => {
    const twice = JSON.stringify(aPolicyTestFile()).replace("{", '{"policy":"other.json",');
    expect(problemsOf(() => readPolicyTest(twice, "cases.json"))).toEqual([
      "$.policy is a duplicate key; only the last value would be used",
    ]);
  });

  it.each([
    ["names no policy", { policy: undefined }, "$.policy is missing (string)"],
    ["has no case", { cases: [] }, "$.cases must have a number of entries of at least 1"],
    ["says more than it may", { case: [] }, '$.case is not a known key; did you mean "cases"?'],
    [
      "calls two cases the same",
      { cases: [aCaseFile(), aCaseFile()] },
      "$.cases[1].name is already the name of an earlier case",
    ],
  ])("is refused when it %s", (_what, spoilt, problem) => {
    const text = JSON.stringify({ ...aPolicyTestFile(), ...spoilt });
    expect(problemsOf(() => readPolicyTest(text, "cases.json"))).toEqual([problem]);
  });
});

describe("a case is refused when", () => {
  it.each([
    [
      "it expects nothing",
      { failing: undefined },
      '$.cases[0] expects nothing: give it "expect" or "failing"',
    ],
    ["its time is none", { now: "tomorrow" }, "$.cases[0].now must be a date or a time, such as 2026-12-01"],
    [
      "an answer is none",
      { expect: { "docker-hub": { "root-prefix": "OK" } } },
      '$.cases[0].expect["docker-hub"]["root-prefix"] must be "PASS" or "FAIL" or "UNKNOWN" or "NOT_APPLICABLE" or "WAIVED"',
    ],
    [
      "a unit's id is none",
      { registry: aRegistryFile({ organizationalUnits: ["payments"] }) },
      "$.cases[0].registry.organizationalUnits[0] must be the id of an organizational unit, such as ou-ab12-34567890, or of a root",
    ],
    [
      "a rule's upstream is missing",
      withRule({ ecrRepositoryPrefix: "x1" }),
      "$.cases[0].registry.rules[0].upstreamRegistryUrl is missing: it can be omitted only if upstreamRegistry has a single host",
    ],
    [
      "a rule's upstream has many hosts",
      withRule({ ecrRepositoryPrefix: "x1", upstreamRegistry: "ecr" }),
      "$.cases[0].registry.rules[0].upstreamRegistryUrl is missing: it can be omitted only if upstreamRegistry has a single host",
    ],
    [
      "a validation is none",
      withRule({ ecrRepositoryPrefix: "x1", upstreamRegistry: "quay", validation: "no" }),
      '$.cases[0].registry.rules[0].validation must be "valid", {"invalid": "…"} or {"declined": "…"}',
    ],
    [
      "a secret's time is none",
      { registry: aRegistryFile({ secrets: { arn: { lastChangedAt: "May" } } }) },
      "$.cases[0].registry.secrets.arn.lastChangedAt must be a date or a time, such as 2026-12-01",
    ],
  ])("%s", (_what, spoilt, problem) => {
    expect(problemsOfCase(spoilt)).toEqual([problem]);
  });
});

describe("a check that the policy does not have", () => {
  const known = ["root-prefix", "prefix-convention"];

  function problemsNaming(overrides: Partial<CaseFile>): readonly string[] {
    const test = readPolicyTest(
      JSON.stringify(aPolicyTestFile({ cases: [aCaseFile(overrides)] })),
      "cases.json",
    );
    return problemsOf(() => refuseUnknownChecks(test, "cases.json", known));
  }

  it("is refused wherever it is named, each with its path", () => {
    const message = "is not the id of a check; the checks are root-prefix, prefix-convention";
    const expectations = {
      expect: { quay: { "root-prefix": "PASS", "rot-prefix": "PASS" } },
      failing: { "": ["prefix-convention", "quota"] },
    } as const;
    expect(problemsNaming(expectations)).toEqual([
      `$.cases[0].expect.quay["rot-prefix"] ${message}`,
      `$.cases[0].failing[""][1] ${message}`,
    ]);
  });

  it("is not reported if no check is named", () => {
    expect(problemsNaming({ failing: { quay: ["root-prefix"] } })).toEqual([]);
  });
});
