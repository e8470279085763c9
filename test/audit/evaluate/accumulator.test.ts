import { describe, expect, it } from "vitest";
import { type AuditEvaluation, openAccumulator } from "../../../src/audit/evaluate/accumulator.ts";
import { type AuditRequest, wholeScope } from "../../../src/audit/plan/request.ts";
import type { Check } from "../../../src/checks/evaluation.ts";
import { checks } from "../../../src/checks/index.ts";
import { unreadable } from "../../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../../src/facts/snapshot.ts";
import { nothingCollected } from "../../../src/facts/snapshot.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import {
  aDemandingPolicy,
  aPolicy,
  aRegistryOf,
  aSnapshot,
  aTarget,
  aWaiver,
  NOW,
} from "../../support/builders.ts";
import { aCheck, aFleetCheckSaying, anEvaluation } from "../fakes.ts";

const ireland = aRegistryOf({}, { ecrRepositoryPrefix: "quay/", upstreamRegistryUrl: "quay.io" });
const virginia = aSnapshot({ target: aTarget({ region: "us-east-1" }) });

type Asked = {
  readonly policy?: Policy;
  readonly among?: readonly Check[];
  readonly request?: Partial<AuditRequest>;
  readonly registries?: readonly RegistrySnapshot[];
};

function accumulate({
  policy = aPolicy(),
  among = checks,
  request = {},
  registries = [ireland, virginia],
}: Asked): AuditEvaluation {
  const accumulator = begin({ policy, among, request });
  for (const registry of registries) accumulator.addSnapshot(registry);
  return accumulator.result();
}

function begin({ policy = aPolicy(), among = checks, request = {} }: Asked) {
  const asked = { ...wholeScope("cli"), ...request };
  return openAccumulator(policy, among, asked, { now: NOW, includePassing: true });
}

/** A check that says of every rule in scope, and of the registry as a whole where that is, that it fails. */
const everywhere = aCheck("root-prefix", ({ registry, inScope }) => {
  const rules = registry.rules.state === "present" ? registry.rules.value : [];
  return [...rules.map(({ rule }) => rule.ecrRepositoryPrefix), null]
    .filter(inScope)
    .map((prefix) => anEvaluation({ prefix }));
});

describe("an assessment", () => {
  it("adds up what is said of all registries, and of the fleet", () => {
    const { rules, counts, findings, coverage } = accumulate({
      among: [everywhere, aFleetCheckSaying("fleet-consistency", { status: "PASS" })],
    });
    expect(rules).toBe(3);
    expect(counts).toEqual({ PASS: 3, FAIL: 5, UNKNOWN: 0, NOT_APPLICABLE: 0, WAIVED: 0 });
    expect(findings).toHaveLength(8);
    expect(coverage).toMatchObject({ planned: 2, audited: 2, gaps: [] });
  });

  it("does not depend on the order in which registries are added", () => {
    const inOrder = accumulate({ policy: aDemandingPolicy() });
    const reversed = accumulate({ policy: aDemandingPolicy(), registries: [virginia, ireland] });
    const byId = ({ findings }: AuditEvaluation) => findings.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(reversed)).toEqual(byId(inOrder));
    expect(reversed.counts).toEqual(inOrder.counts);
    expect(reversed.coverage).toEqual(inOrder.coverage);
  });

  it.each([
    { asked: "quay", evaluated: ["quay/"] },
    { asked: "quay/", evaluated: ["quay/"] },
    { asked: "docker-hub/", evaluated: ["docker-hub", "docker-hub"] },
  ])("narrowed to $asked evaluates only $evaluated, and no registry as a whole", ({ asked, evaluated }) => {
    const { findings, rules } = accumulate({ among: [everywhere], request: { prefixes: [asked] } });
    expect(findings.map(({ prefix }) => prefix)).toEqual(evaluated);
    expect(rules).toBe(evaluated.length);
  });

  it.each([
    { narrowed: "accounts", request: { accounts: ["111122223333"] } },
    { narrowed: "regions", request: { regions: ["eu-west-1"] } },
    { narrowed: "prefixes", request: { prefixes: ["quay"] } },
  ])("narrowed to $narrowed does not evaluate the fleet, because it covers only a part", ({ request }) => {
    const { counts } = accumulate({ among: [aFleetCheckSaying("fleet-consistency")], request });
    expect(counts.FAIL).toBe(0);
  });

  it("evaluates every registry by its effective policy", () => {
    const overrides = [
      { where: { regions: ["us-*"] }, set: { checks: { "root-prefix": { enabled: false } } } },
    ];
    const { findings } = accumulate({ policy: aPolicy({ overrides }), among: [everywhere] });
    expect([...new Set(findings.map(({ region }) => region))]).toEqual(["eu-west-1"]);
  });

  it("counts a registry once that is partially read, partially evaluated and crashed on", () => {
    const troubled = aSnapshot({
      scanning: unreadable("throttled", "ecr:GetRegistryScanningConfiguration", "Rate exceeded"),
    });
    const broken = ["allowed-upstream", "prefix-convention"].map((id) =>
      aCheck(id, () => {
        throw new Error(id);
      }),
    );
    const { coverage } = accumulate({ registries: [troubled], among: broken });
    expect(coverage).toMatchObject({ planned: 1, audited: 0, partial: 1, unreachable: 0 });
    expect(coverage.gaps).toHaveLength(3);
  });
});

/** The checks of repositories read the facts of other checks too. */
const withoutRepositories = {
  "cached-repositories": { enabled: false },
  "unused-cached-repositories": { enabled: false },
  "orphaned-cached-repositories": { enabled: false },
};

describe("the facts that an assessment asks for", () => {
  const factsOf = (policy: Policy) => [...begin({ policy }).factsFor(aTarget())].toSorted();

  it("are only what was heard of pulls where no section of the policy needs more", () => {
    expect(factsOf(aPolicy())).toEqual(["pulls"]);
    expect(factsOf(aPolicy({ checks: { "failed-pulls": { enabled: false } } }))).toEqual([]);
  });

  it.each([
    { section: "creationTemplates", policy: aPolicy({ creationTemplates: {} }) },
    { section: "scanning", policy: aPolicy({ scanning: {} }) },
    { section: "registryPolicy", policy: aPolicy({ registryPolicy: {} }) },
    { section: "secrets", policy: aPolicy({ secrets: {} }) },
  ])("are what the section $section needs", ({ section, policy }) => {
    expect(factsOf(policy)).toEqual(["pulls", section].toSorted());
  });

  it("are not asked for by a check that is turned off", () => {
    const settings = {
      ...withoutRepositories,
      "failed-pulls": { enabled: false },
      "scan-coverage": { enabled: false },
      "secret-health": { enabled: false },
    };
    expect(factsOf(aDemandingPolicy({ checks: settings }))).toEqual(["creationTemplates", "registryPolicy"]);
  });

  it("are those of the registry's own policy", () => {
    const overrides = [{ where: { regions: ["us-*"] }, set: { scanning: {} } }];
    const { factsFor } = begin({ policy: aPolicy({ overrides }) });
    expect([...factsFor(aTarget())]).toEqual(["pulls"]);
    expect([...factsFor(aTarget({ region: "us-east-1" }))]).toEqual(["pulls", "scanning"]);
  });

  it.each([
    { what: "without rules", registry: { ...aRegistryOf(), ...nothingCollected }, request: {} },
    {
      what: "narrowed to a prefix that no rule has",
      registry: aSnapshot(nothingCollected),
      request: { prefixes: ["quay"] },
    },
  ])("are collected for every check in a registry $what", ({ registry, request }) => {
    const policy = aDemandingPolicy({ requiredRules: [] });
    const { coverage, counts } = accumulate({ policy, registries: [registry], request });
    expect(coverage).toMatchObject({ audited: 1, gaps: [] });
    expect(counts).toMatchObject({ FAIL: 0, UNKNOWN: 0 });
  });

  it("are UNKNOWN and one gap each if they were not collected, and never pass or fail", () => {
    const { coverage, counts, findings } = accumulate({
      policy: aDemandingPolicy(),
      registries: [aSnapshot(nothingCollected)],
    });
    expect(coverage).toMatchObject({ audited: 0, partial: 1 });
    expect(coverage.gaps.map(({ reason, operation }) => `${operation} ${reason}`)).toEqual([
      "ecr:DescribeRepositories not-collected",
      "ecr:DescribeRepositoryCreationTemplates not-collected",
      "ecr:GetRegistryPolicy not-collected",
      "ecr:GetRegistryScanningConfiguration not-collected",
      "secretsmanager:DescribeSecret not-collected",
    ]);
    expect(findings.filter(({ status }) => status === "UNKNOWN").map(({ check }) => check)).toEqual(
      expect.arrayContaining(["secret-health", "creation-template", "scan-coverage", "registry-policy"]),
    );
    expect(counts).toMatchObject({ UNKNOWN: 7, FAIL: 0 });
  });
});

describe("the waivers of an assessment", () => {
  const needed = aWaiver({ check: "root-prefix", owner: "needed" });
  const unused = aWaiver({ check: "allowed-upstream", owner: "unused" });
  const expired = aWaiver({ owner: "expired", expires: "2026-11-19" });
  const expiring = aWaiver({ check: "root-prefix", owner: "expiring", expires: "2026-11-25" });
  const policy = aPolicy({ waivers: [needed, unused, expired, expiring] });
  const ownersIn = (request: Partial<AuditRequest>) => {
    const { waivers } = accumulate({ policy, among: [everywhere], request });
    return {
      expired: waivers.expired.map(({ owner }) => owner),
      expiring: waivers.expiring.map(({ owner }) => owner),
      unused: waivers.unused.map(({ owner }) => owner),
    };
  };

  it("hold for failures", () => {
    const { counts, findings } = accumulate({ policy, among: [everywhere] });
    expect(counts).toMatchObject({ FAIL: 0, WAIVED: 5 });
    expect(new Set(findings.map(({ waiver }) => waiver?.owner))).toEqual(new Set(["needed"]));
  });

  it("are reported if they are expired, expiring or unused", () => {
    expect(ownersIn({})).toEqual({
      expired: ["expired"],
      expiring: ["expiring"],
      unused: ["unused", "expiring"],
    });
  });

  it.each([
    { narrowed: "accounts", request: { accounts: ["111122223333"] } },
    { narrowed: "regions", request: { regions: ["eu-west-1"] } },
    { narrowed: "prefixes", request: { prefixes: ["quay"] } },
  ])("are not reported as unused by an audit narrowed to $narrowed", ({ request }) => {
    expect(ownersIn(request)).toEqual({ expired: ["expired"], expiring: ["expiring"], unused: [] });
  });

  it("may be needed by the fleet alone", () => {
    const fleetWaiver = aWaiver({ check: "fleet-consistency" });
    const { waivers, counts } = accumulate({
      policy: aPolicy({ waivers: [fleetWaiver] }),
      among: [aFleetCheckSaying("fleet-consistency")],
    });
    expect(counts.WAIVED).toBe(3);
    expect(waivers.unused).toEqual([]);
  });
});
