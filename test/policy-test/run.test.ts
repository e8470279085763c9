import { describe, expect, it } from "vitest";
import { runCase } from "../../src/policy-test/run.ts";
import { aPolicy, aWaiver, NOW, type PolicyFile } from "../support/builders.ts";
import { aCase, aRegistryFile, type CaseFile, type RegistryFile, SECRET } from "./builders.ts";

const rules: RegistryFile["rules"] = [
  { ecrRepositoryPrefix: "docker-hub", upstreamRegistry: "docker-hub", credentialArn: SECRET },
  { ecrRepositoryPrefix: "ROOT", upstreamRegistry: "quay", validation: { invalid: "no such host" } },
];
const registry = aRegistryFile({ rules });

function run(testCase: Partial<CaseFile>, policy: Partial<PolicyFile> = {}) {
  const { name, differences } = runCase(
    aCase({ registry, failing: undefined, ...testCase }),
    aPolicy(policy),
    NOW,
  );
  expect(name).toBe("all is well");
  return differences.map(({ prefix, check, expected, got }) => `${prefix} ${check}: ${expected}, ${got}`);
}

describe("expectations are compared,", () => {
  it("and nothing else is", () => {
    expect(
      run({ expect: { ROOT: { "root-prefix": "FAIL" }, "docker-hub": { "root-prefix": "PASS" } } }),
    ).toEqual([]);
  });

  it("and each difference is reported with the check's message", () => {
    const expected = { ROOT: { "root-prefix": "PASS", "rule-validation": "FAIL" } } as const;
    expect(run({ expect: expected })).toEqual(["ROOT root-prefix: PASS, FAIL"]);
    const [difference] = runCase(aCase({ registry, expect: expected }), aPolicy(), NOW).differences;
    expect(difference?.message).toContain("so a typo can pull an image from the upstream");
  });

  it("of rules that are not there too", () => {
    expect(run({ expect: { quay: { "root-prefix": "PASS" } } })).toEqual(["quay root-prefix: PASS, null"]);
  });

  it("of checks that are off too", () => {
    const off = { checks: { "root-prefix": { enabled: false } } };
    expect(run({ expect: { ROOT: { "root-prefix": "FAIL" } } }, off)).toEqual([
      "ROOT root-prefix: FAIL, null",
    ]);
  });
});

describe("a failure that a case lists", () => {
  const both = { ROOT: ["root-prefix", "rule-validation"] };

  it("must fail, and nothing else may", () => {
    expect(run({ failing: both })).toEqual([]);
    expect(run({ failing: {} })).toEqual([
      "ROOT rule-validation: anything but FAIL, FAIL",
      "ROOT root-prefix: anything but FAIL, FAIL",
    ]);
    expect(run({ failing: { ...both, "docker-hub": ["allowed-upstream"] } })).toEqual([
      "docker-hub allowed-upstream: FAIL, PASS",
    ]);
  });

  it("may be said among the answers too", () => {
    expect(
      run({ failing: { ROOT: ["root-prefix"] }, expect: { ROOT: { "rule-validation": "FAIL" } } }),
    ).toEqual([]);
  });

  it("is not what is waived", () => {
    const waivers = [aWaiver({ check: "root-prefix" })];
    const expected = { ROOT: { "root-prefix": "WAIVED" } } as const;
    expect(run({ failing: { ROOT: ["rule-validation"] }, expect: expected }, { waivers })).toEqual([]);
  });
});

it("a case is evaluated at its own time, or else now", () => {
  const waivers = [aWaiver({ expires: "2026-11-20" })];
  const expected = { ROOT: { "root-prefix": "WAIVED" } } as const;
  expect(run({ expect: expected }, { waivers })).toEqual([]);
  expect(run({ expect: expected, now: "2026-11-20T23:59:59Z" }, { waivers })).toEqual([]);
  expect(run({ expect: expected, now: "2026-11-21" }, { waivers })).toEqual([
    "ROOT root-prefix: WAIVED, FAIL",
  ]);
});

it("overrides are applied by account, unit and region", () => {
  const overrides = [
    { where: { organizationalUnits: ["ou-ab12-34567890"] }, set: { prefixes: { root: "allow" as const } } },
  ];
  const inUnit = aRegistryFile({ rules, organizationalUnits: ["ou-ab12-34567890"] });
  const expected = { ROOT: { "root-prefix": "FAIL" } } as const;
  expect(run({ expect: expected }, { overrides })).toEqual([]);
  expect(run({ expect: expected, registry: inUnit }, { overrides })).toEqual([
    "ROOT root-prefix: FAIL, NOT_APPLICABLE",
  ]);
});

it("a check that fails in several ways is reported once", () => {
  const prefixes = { pattern: "[a-z]+", maxLength: 5 };
  expect(run({ expect: { "docker-hub": { "prefix-convention": "PASS" } } }, { prefixes })).toEqual([
    "docker-hub prefix-convention: PASS, FAIL",
  ]);
});
