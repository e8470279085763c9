import { describe, expect, it } from "vitest";
import { absent, present, unreadable } from "../../src/model/evidence.ts";
import type { RuleChange } from "../../src/model/remedy-plan.ts";
import type { PullThroughCacheRule } from "../../src/model/rule.ts";
import type { Offers } from "../../src/remedy/decide-access.ts";
import { planRemedies } from "../../src/remedy/plan.ts";
import { remedies } from "../../src/remedy/table.ts";
import { aRegistryOf, aSecret, aSnapshot, NOW, type PolicyFile } from "../support/builders.ts";
import {
  changesIn,
  judged,
  loaded,
  mendedBy,
  nothingOffered,
  planFor,
  ROLE,
  SECRET_NAME,
  secretArn,
} from "./support.ts";

const hubSecret = secretArn("docker-hub");
const offered: Offers = {
  credentials: [{ upstream: "docker-hub", arn: secretArn("given") }],
  roles: [ROLE],
};
const quay = { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io", credentialArn: null };
const base = {
  ecrRepositoryPrefix: "base",
  upstreamRegistryUrl: "999988887777.dkr.ecr.us-east-1.amazonaws.com",
  credentialArn: null,
  customRoleArn: ROLE,
};

type Case = {
  readonly rules: readonly Partial<PullThroughCacheRule>[];
  readonly policy?: Partial<PolicyFile>;
  readonly offers?: Offers;
  readonly action: RuleChange["action"];
  readonly after: Partial<PullThroughCacheRule> | null;
};

/** By check and kind: what one finding of it becomes where the policy, or an offer, decides. */
const mendable: Readonly<Record<string, Case>> = {
  "allowed-upstream upstream-not-allowed": {
    rules: [quay],
    policy: { allowedUpstreams: [{ registry: "docker-hub" }] },
    action: "delete",
    after: null,
  },
  "allowed-upstream upstream-not-recognized": {
    rules: [{ ...quay, upstreamRegistryUrl: "registry.example.com" }],
    action: "delete",
    after: null,
  },
  "prefix-convention prefix-pattern": {
    rules: [{ ...quay, ecrRepositoryPrefix: "q_1" }],
    policy: {
      allowedUpstreams: [{ registry: "quay", prefixes: ["quay", "q_*"] }],
      prefixes: { pattern: "[a-z]+" },
    },
    action: "replace",
    after: { ecrRepositoryPrefix: "quay" },
  },
  "prefix-convention prefix-length": {
    rules: [{ ...quay, ecrRepositoryPrefix: "quay-images" }],
    policy: {
      allowedUpstreams: [{ registry: "quay", prefixes: ["quay", "quay-*"] }],
      prefixes: { maxLength: 6 },
    },
    action: "replace",
    after: { ecrRepositoryPrefix: "quay" },
  },
  "prefix-convention prefix-of-upstream": {
    rules: [{ ecrRepositoryPrefix: "docker" }],
    policy: { allowedUpstreams: [{ registry: "docker-hub", prefixes: ["docker-hub"] }] },
    action: "replace",
    after: { ecrRepositoryPrefix: "docker-hub", credentialArn: hubSecret },
  },
  "root-prefix root-forbidden": {
    rules: [{ ...quay, ecrRepositoryPrefix: "ROOT" }],
    action: "delete",
    after: null,
  },
  "duplicate-upstream upstream-cached-already": {
    rules: [quay, { ...quay, ecrRepositoryPrefix: "quay-two", createdAt: "2026-03-01T00:00:00.000Z" }],
    policy: { prefixes: { duplicateUpstreams: "forbid" } },
    action: "delete",
    after: null,
  },
  "upstream-credentials credential-missing": {
    rules: [{ credentialArn: null }],
    offers: offered,
    action: "update",
    after: { credentialArn: secretArn("given") },
  },
  "upstream-credentials credential-needless": {
    rules: [{ ...quay, credentialArn: hubSecret }],
    action: "replace",
    after: { credentialArn: null },
  },
  "upstream-credentials credential-not-a-secret": {
    rules: [{ credentialArn: "arn:aws:iam::111122223333:role/not-a-secret-at-all" }],
    offers: offered,
    action: "update",
    after: { credentialArn: secretArn("given") },
  },
  "upstream-credentials credential-elsewhere": {
    rules: [{ credentialArn: hubSecret.replace("eu-west-1", "us-east-1") }],
    offers: offered,
    action: "update",
    after: { credentialArn: secretArn("given") },
  },
  "upstream-credentials credential-out-of-reach": {
    rules: [{ credentialArn: hubSecret.replace("ecr-pullthroughcache/", "mine/") }],
    offers: offered,
    action: "update",
    after: { credentialArn: secretArn("given") },
  },
  "upstream-credentials credential-not-allowed": {
    rules: [{ credentialArn: secretArn("private") }],
    policy: { allowedUpstreams: [{ registry: "docker-hub", secretNames: ["ecr-pullthroughcache/given"] }] },
    offers: offered,
    action: "update",
    after: { credentialArn: secretArn("given") },
  },
  "upstream-role role-missing": {
    rules: [{ ...base, customRoleArn: null }],
    offers: offered,
    action: "update",
    after: { customRoleArn: ROLE },
  },
  "upstream-role role-needless": {
    rules: [{ ...quay, customRoleArn: ROLE }],
    action: "replace",
    after: { customRoleArn: null },
  },
  "upstream-role not-a-role": {
    rules: [{ ...base, customRoleArn: "arn:aws:iam::111122223333:user/someone" }],
    offers: offered,
    action: "update",
    after: { customRoleArn: ROLE },
  },
  "upstream-role role-of-another-account": {
    rules: [{ ...base, customRoleArn: ROLE.replace("111122223333", "999988887777") }],
    offers: offered,
    action: "update",
    after: { customRoleArn: ROLE },
  },
  "upstream-role role-not-allowed": {
    rules: [{ ...base, customRoleArn: "arn:aws:iam::111122223333:role/admin" }],
    policy: { allowedUpstreams: [{ registry: "ecr", roleNames: ["ecr-pull-*"] }] },
    offers: offered,
    action: "update",
    after: { customRoleArn: ROLE },
  },
  "upstream-scope account-not-allowed": {
    rules: [base],
    policy: { allowedUpstreams: [{ registry: "ecr", accounts: ["555566667777"] }] },
    action: "replace",
    after: { upstreamRegistryUrl: "555566667777.dkr.ecr.us-east-1.amazonaws.com", customRoleArn: ROLE },
  },
  "upstream-scope region-not-allowed": {
    rules: [base],
    policy: { allowedUpstreams: [{ registry: "ecr", regions: ["cn-north-1"] }] },
    action: "replace",
    after: { upstreamRegistryUrl: "999988887777.dkr.ecr.cn-north-1.amazonaws.com.cn" },
  },
  "upstream-scope upstream-prefix-not-allowed": {
    rules: [base],
    policy: { allowedUpstreams: [{ registry: "ecr", upstreamPrefixes: ["base"] }] },
    action: "replace",
    after: { upstreamRepositoryPrefix: "base" },
  },
  "required-rule rule-missing": {
    rules: [],
    policy: { requiredRules: [{ prefix: "quay", registry: "quay" }] },
    action: "create",
    after: { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io", credentialArn: null },
  },
  "required-rule rule-differs": {
    rules: [{ ...quay, upstreamRegistryUrl: "ghcr.io", credentialArn: hubSecret }],
    policy: { requiredRules: [{ prefix: "quay", registry: "quay" }] },
    action: "replace",
    after: { upstreamRegistryUrl: "quay.io", credentialArn: null },
  },
  "undeclared-rule rule-undeclared": {
    rules: [quay],
    policy: { undeclaredRules: "forbid" },
    action: "delete",
    after: null,
  },
  "undeclared-rule rule-declared-elsewhere": {
    rules: [quay],
    policy: {
      undeclaredRules: "forbid",
      requiredRules: [{ prefix: "quay", registry: "quay", accounts: ["999999999999"] }],
    },
    action: "delete",
    after: null,
  },
};

/** Kinds that are mended by what only people can offer, tested by themselves below. */
const mendedBySecrets = ["secret-health secret-missing", "secret-health secret-being-deleted"];

it("every kind that is mended by calls has a case here", () => {
  const kinds = Object.entries(remedies).flatMap(([check, ofCheck]) =>
    Object.entries(ofCheck)
      .filter(([, remedy]) => remedy !== "instruct" && remedy !== "never-fails")
      .map(([kind]) => `${check} ${kind}`),
  );
  expect(kinds.toSorted()).toEqual([...Object.keys(mendable), ...mendedBySecrets].toSorted());
});

describe("a plan mends", () => {
  it.each([
    ["missing", absent],
    ["scheduled for deletion", present(aSecret({ deletedAt: "2026-11-25T00:00:00.000Z" }))],
  ] as const)("a rule whose secret is %s, with another that is offered", (_what, secret) => {
    const registry = { ...aRegistryOf({}), secrets: { [hubSecret]: secret } };
    const plan = planFor(registry, { secrets: {} }, offered);
    expect(changesIn(plan)).toMatchObject([
      { action: "update", after: { credentialArn: secretArn("given") } },
    ]);
  });

  it.each(Object.entries(mendable))("%s", (named, { rules, policy = {}, offers, action, after }) => {
    const registry = aRegistryOf(...rules);
    const plan = planFor(registry, policy, offers);
    const changes = changesIn(plan);
    expect(changes).toMatchObject([{ action, after }]);
    expect(changes.flatMap(({ because }) => because.map(({ check, kind }) => `${check} ${kind}`))).toContain(
      named,
    );
    expect(changes[0]?.effects).not.toEqual([]);
    expect(plan.instructions).toEqual([]);
    const left = judged([mendedBy(plan, registry)], policy).findings;
    expect(left.filter(({ status }) => status === "FAIL")).toEqual([]);
  });
});

describe("a plan", () => {
  it("is empty where nothing fails", () => {
    expect(planFor(aRegistryOf({}), {})).toMatchObject({ registries: [], instructions: [], leftAlone: [] });
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

  it("leaves it to people which of two offered secrets is meant", () => {
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

  it("asks which prefix where the policy allows several, and which of two overlapping rules is to go", () => {
    const policy = { allowedUpstreams: [{ registry: "quay", prefixes: ["quay", "red-hat"] }] };
    const plan = planFor(aRegistryOf({ ...quay, ecrRepositoryPrefix: "qu" }), policy);
    expect(plan.instructions[0]?.question).toContain("There are quay, red-hat.");
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
    const stale = judged([registry], {}).findings.map((finding) => ({ ...finding, stale: true }));
    const plan = planRemedies({ findings: stale, registries: [registry] }, loaded({}), nothingOffered, NOW);
    expect(plan).toMatchObject({ registries: [], instructions: [], leftAlone: [{ status: "FAIL" }] });
  });

  it("is the same whatever the order of rules and findings", () => {
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
