import { describe, expect, it } from "vitest";
import { repositoryFacts } from "../../src/audit/collect/cached-repositories.ts";
import { factNames } from "../../src/facts/index.ts";
import type { Effect } from "../simulator/faults.ts";
import type { World } from "../simulator/world.ts";
import { type RegistryParts, registry, rule, template } from "../simulator/world-builder.ts";
import type { PolicyFile } from "../support/builders.ts";
import { allSeen, answersOf, BYSTANDER, figuresOf, HUB, MEMBER, smallWorld } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

/** Each fact beyond the rules: its name, the section that asks for it, how, the check that reads it, of what. */
const facts = [
  {
    fact: "creationTemplates",
    section: "creationTemplates",
    operation: "DescribeRepositoryCreationTemplates",
    action: "ecr:DescribeRepositoryCreationTemplates",
    check: "creation-template",
    evaluated: ["docker-hub", "quay"],
  },
  {
    fact: "scanning",
    section: "scanning",
    operation: "GetRegistryScanningConfiguration",
    action: "ecr:GetRegistryScanningConfiguration",
    check: "scan-coverage",
    evaluated: ["docker-hub", "quay"],
  },
  {
    fact: "registryPolicy",
    section: "registryPolicy",
    operation: "GetRegistryPolicy",
    action: "ecr:GetRegistryPolicy",
    check: "registry-policy",
    evaluated: ["*"],
  },
  {
    fact: "secrets",
    section: "secrets",
    operation: "DescribeSecret",
    action: "secretsmanager:DescribeSecret",
    check: "secret-health",
    evaluated: ["docker-hub"],
  },
  {
    fact: "secretVersions",
    section: "secrets",
    operation: "ListSecretVersionIds",
    action: "secretsmanager:ListSecretVersionIds",
    check: "secret-health",
    evaluated: ["docker-hub"],
  },
] as const;

it("tries every fact, except those about repositories, which cached-repositories.test.ts tries", () => {
  const tried = [...facts.map(({ fact }) => fact), ...repositoryFacts];
  // Pulls are heard of, not read from the registry: pulls.test.ts.
  const read = factNames.filter((name) => name !== "pulls");
  expect(tried.toSorted()).toEqual(read.toSorted());
});

const sections = {
  secrets: { maxAgeDays: 90 },
  creationTemplates: { required: true, lifecyclePolicy: true },
  scanning: { required: true, frequencies: ["CONTINUOUS_SCAN"] },
  registryPolicy: { trustOrganization: true },
} satisfies Partial<PolicyFile>;

/** Lets everyone in the organization import, as the policy's section allows. */
const registryPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: "*",
    Action: ["ecr:CreateRepository", "ecr:BatchImportUpstreamImage"],
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorg" } },
  },
});

function wellKept(): RegistryParts {
  return {
    templates: [template("ROOT")],
    scanning: { scanType: "ENHANCED", rules: [{ scanFrequency: "CONTINUOUS_SCAN", filters: ["*"] }] },
    registryPolicy,
  };
}

function wellKeptWorld(parts: Pick<Partial<World>, "faults"> = {}): World {
  const rules = [rule("docker-hub", "docker-hub"), rule("quay", "quay")];
  return smallWorld({
    ...parts,
    regions: ["us-east-1", "eu-west-1"],
    member: { regions: { "us-east-1": registry(rules, wellKept()), "eu-west-1": registry([], wellKept()) } },
  });
}

/** The operations beyond the rules that were called, each as often as it was. */
function factCallsOf({ simulator }: Stage, account = MEMBER): readonly string[] {
  const operations: readonly string[] = facts.map(({ operation }) => operation);
  return simulator.calls
    .filter((call) => call.account === account && operations.includes(call.operation))
    .map(({ operation, region }) => `${operation} ${region}`)
    .toSorted();
}

/** Whatever an audit was about: it has read no secret's value. */
function expectNoSecretRead(stage: Stage): void {
  expect(stage.callsOf("GetSecretValue")).toEqual([]);
}

describe("an audit by a policy with every section", () => {
  it("asks each registry with rules for each fact, once, and passes what is well", async () => {
    await using stage = await setStage(wellKeptWorld(), { policy: sections });
    const report = await stage.audit({ accounts: [MEMBER] });
    expect(report).toMatchObject({ status: "compliant", coverage: { ...allSeen(1), gaps: [] } });
    for (const { check, evaluated } of facts) {
      const passes = Object.fromEntries(evaluated.map((prefix) => [prefix, "PASS"]));
      expect(answersOf(report, MEMBER, check)).toMatchObject(passes);
    }
    expect(factCallsOf(stage)).toEqual(facts.map(({ operation }) => `${operation} us-east-1`).toSorted());
    expectNoSecretRead(stage);
  });

  it("asks for secrets by the ARN in the rule, with the rule's account's own credentials", async () => {
    await using stage = await setStage(wellKeptWorld(), { policy: sections });
    await stage.audit();
    expect(stage.callsOf("DescribeSecret")).toMatchObject([
      {
        account: MEMBER,
        region: "us-east-1",
        input: { SecretId: expect.stringContaining(`:${MEMBER}:secret:ecr-pullthroughcache/docker-hub-`) },
        httpStatus: 200,
      },
    ]);
    expectNoSecretRead(stage);
  });

  it("asks registries without rules for nothing else", async () => {
    const scope = { accounts: "organization", regions: ["us-east-1", "eu-west-1"] } as const;
    await using stage = await setStage(wellKeptWorld(), { policy: { ...sections, scope } });
    const report = await stage.audit({ regions: ["eu-west-1"] });
    expect(figuresOf(report)).toEqual(allSeen(3));
    expect(report.summary.findings).toMatchObject({ FAIL: 0, UNKNOWN: 0 });
    const ecrCalls = stage.simulator.calls.filter(({ service }) => service === "ecr");
    expect(ecrCalls.map(({ operation }) => operation)).toEqual(
      Array.from({ length: 3 }, () => "DescribePullThroughCacheRules"),
    );
  });

  it("evaluates unhealthy facts", async () => {
    await using stage = await setStage(wellKeptWorld(), { policy: sections });
    const { accounts } = stage.simulator.world;
    const member = accounts[MEMBER]?.regions["us-east-1"];
    if (member === undefined) throw new Error("the member has a registry");
    member.templates = [];
    member.scanning = { scanType: "BASIC", rules: [] };
    member.registryPolicy = registryPolicy.replace("o-exampleorg", "o-someoneelse");
    for (const secret of member.secrets) secret.deletedDate = "2026-11-01T00:00:00.000Z";
    const report = await stage.audit({ accounts: [MEMBER] });
    for (const { check, evaluated } of facts) {
      const fails = Object.fromEntries(evaluated.map((prefix) => [prefix, "FAIL"]));
      expect(answersOf(report, MEMBER, check)).toMatchObject(fails);
    }
  });
});

describe("the sections of a policy", () => {
  it("are each asked for on their own, and nothing else is", async () => {
    for (const [section, ofSection] of Map.groupBy(facts, (fact) => fact.section)) {
      await using stage = await setStage(wellKeptWorld(), { policy: { [section]: sections[section] } });
      await stage.audit();
      expect(factCallsOf(stage)).toEqual(ofSection.map(({ operation }) => `${operation} us-east-1`));
      expectNoSecretRead(stage);
    }
  });

  it("do not have the versions of secrets read without a maximum age", async () => {
    await using stage = await setStage(wellKeptWorld(), { policy: { secrets: {} } });
    await stage.audit();
    expect(factCallsOf(stage)).toEqual(["DescribeSecret us-east-1"]);
  });

  it("that are not there are not asked for", async () => {
    await using stage = await setStage(wellKeptWorld());
    const report = await stage.audit();
    expect(report.coverage.gaps).toEqual([]);
    for (const account of [HUB, MEMBER, BYSTANDER]) expect(factCallsOf(stage, account)).toEqual([]);
    expectNoSecretRead(stage);
  });

  it("are asked for in the registries alone where an override puts them", async () => {
    const overrides = [{ where: { accounts: [BYSTANDER] }, set: { scanning: sections.scanning } }];
    await using stage = await setStage(wellKeptWorld(), { policy: { overrides } });
    await stage.audit();
    expect(factCallsOf(stage, BYSTANDER)).toEqual(["GetRegistryScanningConfiguration us-east-1"]);
    expect(factCallsOf(stage, MEMBER)).toEqual([]);
  });
});

describe("a fact that could not be read", () => {
  const denials: readonly { readonly reason: string; readonly effect: Effect }[] = [
    { reason: "access-denied", effect: { kind: "deny", by: "missing-permission" } },
    { reason: "denied-by-scp", effect: { kind: "deny", by: "service-control-policy" } },
  ];

  it.each(facts.flatMap((fact) => denials.map((denial) => ({ ...fact, ...denial }))))(
    "leaves $check UNKNOWN and a gap: $operation, $reason",
    async ({ operation, action, check, evaluated, reason, effect }) => {
      const faults = [{ on: { operation, account: MEMBER }, effect }];
      await using stage = await setStage(wellKeptWorld({ faults }), { policy: sections });
      const report = await stage.audit({ accounts: [MEMBER] });
      expect(report.status).toBe("incomplete");
      expect(report.coverage).toMatchObject({ planned: 1, audited: 0, partial: 1, unreachable: 0 });
      expect(report.coverage.gaps).toMatchObject([
        { account: MEMBER, region: "us-east-1", state: "partial", reason, operation: action },
      ]);
      const answers = answersOf(report, MEMBER, check);
      const unknown = Object.fromEntries(evaluated.map((prefix) => [prefix, "UNKNOWN"]));
      expect(answers).toMatchObject(unknown);
      const others = facts.filter((fact) => fact.check !== check);
      for (const other of others) {
        const passes = Object.fromEntries(other.evaluated.map((prefix) => [prefix, "PASS"]));
        expect(answersOf(report, MEMBER, other.check)).toMatchObject(passes);
      }
      expectNoSecretRead(stage);
    },
  );
});
