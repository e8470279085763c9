import { describe, expect, it } from "vitest";
import { evaluateFleet, rulesOf } from "../../../src/audit/evaluate/evaluate-fleet.ts";
import type { FleetCheck } from "../../../src/checks/evaluation.ts";
import type { FleetRule } from "../../../src/checks/verdict.ts";
import { findingId } from "../../../src/core/ids.ts";
import type { Target } from "../../../src/ecr/target.ts";
import { absent, unreadable } from "../../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../../src/facts/snapshot.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { aPolicy, aRegistryOf, aRule, aSnapshot, aTarget, aWaiver } from "../../support/builders.ts";
import { aFleetCheck, aFleetCheckSaying, findingCollectorOptions } from "../fakes.ts";

const ireland = aRegistryOf({}, { ecrRepositoryPrefix: "quay" });
const virginia = { ...aRegistryOf({}), target: aTarget({ region: "us-east-1" }) };
const unread = aSnapshot({
  target: aTarget({ account: "444455556666" }),
  rules: unreadable("denied-by-scp", "ecr:DescribePullThroughCacheRules", "explicit deny"),
});

type Asked = {
  readonly fleet?: readonly RegistrySnapshot[];
  readonly policyFor?: (target: Target) => Policy;
  readonly options?: ReturnType<typeof findingCollectorOptions>;
};

function evaluate(
  checks: readonly FleetCheck[],
  {
    fleet = [ireland, virginia, unread],
    policyFor = () => aPolicy(),
    options = findingCollectorOptions(),
  }: Asked = {},
) {
  return evaluateFleet(fleet.map(rulesOf), policyFor, checks, options);
}

/** A check that says nothing, and the rules that it was given, in words. */
function aCuriousCheck() {
  const given: string[] = [];
  const check = aFleetCheck("fleet-consistency", (rules) => {
    given.push(...rules.map(inWords));
    return () => [];
  });
  return { check, given };
}

function inWords({ target, rule }: FleetRule): string {
  return `${target.account} ${target.region} ${rule.ecrRepositoryPrefix}`;
}

describe("what is kept of a snapshot for checks of the fleet", () => {
  it("is its place and its rules", () => {
    expect(rulesOf(virginia)).toEqual({
      target: virginia.target,
      rules: { state: "present", value: [aRule()] },
    });
  });

  it.each([absent, unread.rules])("is the evidence where there are no rules: $state", (rules) => {
    expect(rulesOf(aSnapshot({ rules }))).toEqual({ target: aTarget(), rules });
  });
});

describe("evaluateFleet", () => {
  it("gives a check all rules of all registries at once", () => {
    const { check, given } = aCuriousCheck();
    evaluate([check]);
    expect(given).toEqual([
      "111122223333 eu-west-1 docker-hub",
      "111122223333 eu-west-1 quay",
      "111122223333 us-east-1 docker-hub",
    ]);
  });

  it("makes a finding of each result, in the registry that it is about", () => {
    const { findings, counts } = evaluate([aFleetCheckSaying("fleet-consistency")]);
    const check = "fleet-consistency";
    const places = [
      ["eu-west-1", "docker-hub"],
      ["eu-west-1", "quay"],
      ["us-east-1", "docker-hub"],
    ] as const;
    expect(findings.slice(0, 3)).toMatchObject(
      places.map(([region, prefix]) => {
        const identity = { account: "111122223333", region, prefix, check };
        return { ...identity, id: findingId({ ...identity, subject: "" }), status: "FAIL", title: "Bad" };
      }),
    );
    expect(counts).toMatchObject({ FAIL: 3 });
  });

  it("makes one UNKNOWN of a registry whose rules could not be read", () => {
    const { findings, counts } = evaluate([aFleetCheckSaying("fleet-consistency", { status: "PASS" })]);
    expect(counts).toEqual({ PASS: 3, FAIL: 0, UNKNOWN: 1, NOT_APPLICABLE: 0, WAIVED: 0 });
    expect(findings).toMatchObject([
      { account: "444455556666", prefix: null, status: "UNKNOWN", data: { reason: "denied-by-scp" } },
    ]);
  });

  it("has nothing to say of registries without rules, or of none at all", () => {
    const fleets = [
      [],
      [aRegistryOf(), aSnapshot({ rules: absent, target: aTarget({ region: "us-east-1" }) })],
    ];
    for (const fleet of fleets) {
      expect(evaluate([aFleetCheckSaying("fleet-consistency")], { fleet })).toMatchObject({
        findings: [],
        gaps: [],
      });
    }
  });

  it("makes one UNKNOWN and a gap in every registry of a check that throws, and lets the others go on", () => {
    const throwing = aFleetCheck("rule-quota", () => {
      throw new TypeError("x is not a function");
    });
    const { findings, gaps, counts } = evaluate([throwing, aFleetCheckSaying("fleet-consistency")], {
      fleet: [ireland, virginia],
    });
    expect(findings.slice(0, 2)).toMatchObject(
      ["eu-west-1", "us-east-1"].map((region) => ({
        check: "rule-quota",
        region,
        prefix: null,
        status: "UNKNOWN",
        kind: "check-crashed",
        data: { error: "TypeError: x is not a function" },
      })),
    );
    expect(gaps).toMatchObject([
      { region: "eu-west-1", reason: "check-error", operation: "check:rule-quota" },
      { region: "us-east-1", reason: "check-error", operation: "check:rule-quota" },
    ]);
    expect(counts).toMatchObject({ UNKNOWN: 2, FAIL: 3 });
  });

  it("waives failures alone", () => {
    const options = findingCollectorOptions(aWaiver({ check: "fleet-*", regions: ["us-*"] }));
    const { counts, findings } = evaluate([aFleetCheckSaying("fleet-consistency")], { options });
    expect(counts).toMatchObject({ FAIL: 2, WAIVED: 1, UNKNOWN: 1 });
    expect(findings.filter(({ status }) => status === "WAIVED")).toMatchObject([
      { region: "us-east-1", waiver: { owner: "team-payments" } },
    ]);
  });

  it("asks every registry's own policy for the severity", () => {
    const lower = aPolicy({ checks: { "root-prefix": { severity: "low" } } });
    const policyFor = ({ region }: Target) => (region === "us-east-1" ? lower : aPolicy());
    const check = aFleetCheck("root-prefix", aFleetCheckSaying("root-prefix").evaluate);
    const { findings } = evaluate([check], { fleet: [ireland, virginia], policyFor });
    expect(findings.map(({ region, severity }) => `${region} ${severity}`)).toEqual([
      "eu-west-1 medium",
      "eu-west-1 medium",
      "us-east-1 low",
    ]);
  });

  it.each([
    {
      where: "the policy turns the check off",
      off: aPolicy({ checks: { "root-prefix": { enabled: false } } }),
    },
    { where: "the policy does not demand it", off: aPolicy({ name: "undemanding" }) },
  ])("leaves a registry out where $where, read or not", ({ off }) => {
    const given: string[] = [];
    const saying = aFleetCheckSaying("root-prefix");
    const check = aFleetCheck(
      "root-prefix",
      (rules) => {
        given.push(...rules.map(inWords));
        return saying.evaluate(rules);
      },
      { isDemanded: ({ name }) => name !== "undemanding" },
    );
    const policyFor = ({ region, account }: Target) =>
      region === "us-east-1" || account === "444455556666" ? off : aPolicy();
    const { counts } = evaluate([check], { policyFor });
    expect(given).toEqual(["111122223333 eu-west-1 docker-hub", "111122223333 eu-west-1 quay"]);
    expect(counts).toMatchObject({ FAIL: 2, UNKNOWN: 0 });
  });
});
