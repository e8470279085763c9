import { describe, expect, it } from "vitest";
import { checkIds } from "../../src/checks/index.ts";
import { absent, present, unreadable } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { planRemediation } from "../../src/remediation/plan/plan.ts";
import { aRegistryOf, aSecret, aSnapshot, aTarget, NOW, type PolicyFile } from "../support/builders.ts";
import { remediableKindsOf } from "../support/check-parts.ts";
import { type FixableCase, fixable, hubSecret, offered, quay } from "./fixable.ts";
import {
  changesIn,
  evaluated,
  fixedBy,
  loaded,
  nothingOffered,
  planFor,
  SECRET_NAME,
  secretArn,
} from "./support.ts";

const secretStates = {
  missing: absent,
  "being-deleted": present(aSecret({ deletedAt: "2026-11-25T00:00:00.000Z" })),
} as const;

/** The registry of a case as it was read. */
function registryOf({ rules, secret }: FixableCase): RegistrySnapshot {
  const registry = aRegistryOf(...rules);
  return secret === undefined ? registry : { ...registry, secrets: { [hubSecret]: secretStates[secret] } };
}

it.each(checkIds)("every kind of %s that calls remediate has a case here", async (id) => {
  const cases = Object.keys(fixable).filter((named) => named.startsWith(`${id} `));
  const kinds = await remediableKindsOf(id);
  expect(cases.toSorted()).toEqual(kinds.map((kind) => `${id} ${kind}`).toSorted());
});

describe("a plan remediates", () => {
  it.each(Object.entries(fixable))("%s", (named, fixableCase) => {
    const { policy = {}, offers, action, after } = fixableCase;
    const registry = registryOf(fixableCase);
    const plan = planFor(registry, policy, offers);
    const changes = changesIn(plan);
    expect(changes).toMatchObject([{ action, after }]);
    expect(changes.flatMap(({ because }) => because.map(({ check, kind }) => `${check} ${kind}`))).toContain(
      named,
    );
    expect(changes[0]?.effects).not.toEqual([]);
    expect(plan.instructions).toEqual([]);
    const left = evaluated([fixedBy(plan, registry)], policy).findings;
    expect(left.filter(({ status }) => status === "FAIL")).toEqual([]);
  });
});

describe("a plan", () => {
  it("is empty where nothing fails", () => {
    expect(planFor(aRegistryOf({}), {})).toMatchObject({ registries: [], instructions: [], leftAlone: [] });
  });

  it("takes what a required rule must cache from the check, and not from a finding's data", () => {
    const registry = aRegistryOf();
    const policy = { requiredRules: [{ prefix: "quay", registry: "quay" as const }] };
    const findings = evaluated([registry], policy).findings.map((finding) => ({ ...finding, data: {} }));
    const plan = planRemediation({ findings, registries: [registry] }, loaded(policy), nothingOffered, NOW);
    expect(changesIn(plan)).toMatchObject([{ action: "create", after: { ecrRepositoryPrefix: "quay" } }]);
  });

  it("leaves a failure that the registry does not show as a manual step", () => {
    const { findings } = evaluated([aRegistryOf({ credentialArn: null })], {});
    const plan = planRemediation({ findings, registries: [aRegistryOf({})] }, loaded({}), offered, NOW);
    expect(changesIn(plan)).toEqual([]);
    expect(plan.instructions).toMatchObject([{ kind: "credential-missing", question: null }]);
  });

  it("leaves failures of custom checks as manual steps, regardless of their names", () => {
    const own = { title: "Own", message: "No.", remediation: "Ask team-a.", assert: "false" };
    const customChecks = ["no-rules", "to-string"].map(
      (id) => ({ ...own, id, severity: "low", appliesTo: "rule" }) as const,
    );
    const plan = planFor(aRegistryOf({}), { customChecks });
    expect(changesIn(plan)).toEqual([]);
    expect(plan.instructions).toMatchObject([
      { check: "no-rules", question: null, instruction: "Ask team-a." },
      { check: "to-string", question: null, instruction: "Ask team-a." },
    ]);
  });

  it("asks which credential rather than to guess one", () => {
    const plan = planFor(aRegistryOf({ credentialArn: null }), {});
    expect(changesIn(plan)).toEqual([]);
    expect(plan.instructions).toMatchObject([
      { kind: "credential-missing", question: expect.stringContaining("--credential docker-hub=SECRET_ARN") },
    ]);
  });

  it("takes the credential with which another rule reaches the same upstream only where the policy names it", () => {
    const rules = [{}, { ecrRepositoryPrefix: "mirror", credentialArn: null }] as const;
    const named = { allowedUpstreams: [{ registry: "docker-hub", secretNames: [SECRET_NAME] }] };
    expect(changesIn(planFor(aRegistryOf(...rules), named))).toMatchObject([
      { action: "update", after: { ecrRepositoryPrefix: "mirror", credentialArn: hubSecret } },
    ]);
    expect(changesIn(planFor(aRegistryOf(...rules), {}))).toEqual([]);
  });

  it("leaves the choice between two offered secrets as a manual step", () => {
    const credentials = ["one", "two"].map((name) => ({ upstream: "docker-hub", arn: secretArn(name) }));
    const plan = planFor(aRegistryOf({ credentialArn: null }), {}, { credentials, roles: [] });
    expect(changesIn(plan)).toEqual([]);
    expect(plan.instructions[0]?.question).toContain(`${secretArn("one")}, ${secretArn("two")}`);
  });

  it("makes one change of several findings on one rule", () => {
    const rule = { ecrRepositoryPrefix: "docker", credentialArn: null };
    const policy = { allowedUpstreams: [{ registry: "docker-hub", prefixes: ["docker-hub"] }] };
    const [change, ...others] = changesIn(planFor(aRegistryOf(rule), policy, offered));
    expect(others).toEqual([]);
    expect(change?.because.map(({ kind }) => kind)).toEqual(["prefix-of-upstream", "credential-missing"]);
  });

  it("renames a rule to the one that is required and missing, rather than to create another", () => {
    const policy = {
      allowedUpstreams: [{ registry: "docker-hub", prefixes: ["docker-hub"] }],
      requiredRules: [{ prefix: "docker-hub", registry: "docker-hub" }],
    };
    const plan = planFor(aRegistryOf({ ecrRepositoryPrefix: "docker" }), policy);
    expect(changesIn(plan)).toMatchObject([
      { action: "replace", after: { ecrRepositoryPrefix: "docker-hub" } },
    ]);
    expect(plan.instructions).toEqual([]);
  });

  it("plans nothing that would break something else", () => {
    const policy = {
      allowedUpstreams: [{ registry: "docker-hub" }],
      requiredRules: [{ prefix: "quay", registry: "quay" }],
    };
    const plan = planFor(aRegistryOf(), policy);
    expect(changesIn(plan)).toEqual([]);
    expect(plan.instructions[0]?.question).toContain("allowed-upstream");
  });

  it.each(["cn-north-1", "us-gov-west-1"])(
    "creates no rule in %s, where nobody knows whether ECR can",
    (region) => {
      const policy = { allowedUpstreams: [{ registry: "quay", prefixes: ["quay"] }] };
      const rules = aRegistryOf({ ...quay, ecrRepositoryPrefix: "wrong" });
      const plan = planFor({ ...rules, target: aTarget({ region }) }, policy);
      expect(changesIn(plan)).toEqual([]);
      expect(plan.instructions[0]?.question).toContain(`whether rules can be created in ${region}`);
      expect(changesIn(planFor(rules, policy))).toMatchObject([{ action: "replace" }]);
    },
  );

  it("asks which prefix where the policy allows several, and which of two overlapping rules is to go", () => {
    const policy = { allowedUpstreams: [{ registry: "quay", prefixes: ["quay", "red-hat"] }] };
    const plan = planFor(aRegistryOf({ ...quay, ecrRepositoryPrefix: "qu" }), policy);
    expect(plan.instructions[0]?.question).toContain("Candidates: quay, red-hat.");
    const overlapping = planFor(aRegistryOf(quay, { ...quay, ecrRepositoryPrefix: "quay/inner" }), {});
    expect(changesIn(overlapping)).toEqual([]);
    expect(overlapping.instructions).toMatchObject([{ kind: "prefix-inside-another", question: null }]);
  });

  it("leaves waived, unknown and stale findings alone, and says so", () => {
    const waivers = [{ check: "*", reason: "moving", owner: "team-a", expires: "2027-01-31" }];
    const waived = planFor(aRegistryOf({ credentialArn: null }), { waivers }, offered);
    expect(waived).toMatchObject({
      registries: [],
      leftAlone: [{ status: "WAIVED", why: expect.stringContaining("moving") }],
    });
    const unread = aSnapshot({
      rules: unreadable("access-denied", "ecr:DescribePullThroughCacheRules", "no"),
    });
    expect(planFor(unread, {}).leftAlone[0]).toMatchObject({ status: "UNKNOWN" });
    const registry = aRegistryOf({ credentialArn: null });
    const stale = evaluated([registry], {}).findings.map((finding) => ({ ...finding, stale: true }));
    const plan = planRemediation(
      { findings: stale, registries: [registry] },
      loaded({}),
      nothingOffered,
      NOW,
    );
    expect(plan).toMatchObject({ registries: [], instructions: [], leftAlone: [{ status: "FAIL" }] });
  });

  it("does not depend on the order of rules and findings", () => {
    const rules = [
      { ...quay, ecrRepositoryPrefix: "b1" },
      { ...quay, ecrRepositoryPrefix: "a1" },
      { credentialArn: null },
    ];
    const policy: Partial<PolicyFile> = { undeclaredRules: "forbid" };
    const plan = planFor(aRegistryOf(...rules), policy, offered);
    expect(planFor(aRegistryOf(...rules.toReversed()), policy, offered)).toEqual(plan);
    expect(changesIn(plan).map(({ before }) => before?.ecrRepositoryPrefix)).toEqual([
      "a1",
      "b1",
      "docker-hub",
    ]);
  });
});
