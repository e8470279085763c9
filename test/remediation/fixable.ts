import type { CheckId, KindOf } from "../../src/checks/index.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import type { Offers } from "../../src/remediation/plan/decide-access.ts";
import type { RuleChange } from "../../src/schemas/remediation-plan.ts";
import type { PolicyFile } from "../support/builders.ts";
import { ROLE, secretArn } from "./support.ts";

/** The secret of the rule that the cases begin with. */
export const hubSecret = secretArn("docker-hub");
/** A secret and a role that somebody offers. */
export const offered: Offers = {
  credentials: [{ upstream: "docker-hub", arn: secretArn("given") }],
  roles: [ROLE],
};
/** A rule for Quay, as the cases want it. */
export const quay = { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io", credentialArn: null };
const base = {
  ecrRepositoryPrefix: "base",
  upstreamRegistryUrl: "999988887777.dkr.ecr.us-east-1.amazonaws.com",
  credentialArn: null,
  customRoleArn: ROLE,
};

/** A registry with a finding, and the change that remediates it. */
export type FixableCase = {
  /** What sets each rule apart from the usual one, which is for Docker Hub. */
  readonly rules: readonly Partial<PullThroughCacheRule>[];
  /** What is wrong with {@link hubSecret}. */
  readonly secret?: "missing" | "being-deleted";
  readonly policy?: Partial<PolicyFile>;
  readonly offers?: Offers;
  readonly action: RuleChange["action"];
  readonly after: Partial<PullThroughCacheRule> | null;
};

/** A check and one of its kinds. */
type CheckAndKind = { [Id in CheckId]: `${Id} ${KindOf<Id>}` }[CheckId];

/** By check and kind: what one finding of it becomes where the policy, or an offer, decides. */
export const fixable: Readonly<Partial<Record<CheckAndKind, FixableCase>>> = {
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
  "secret-health secret-missing": {
    rules: [{}],
    secret: "missing",
    policy: { secrets: {} },
    offers: offered,
    action: "update",
    after: { credentialArn: secretArn("given") },
  },
  "secret-health secret-being-deleted": {
    rules: [{}],
    secret: "being-deleted",
    policy: { secrets: {} },
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
  "allowed-upstream account-not-allowed": {
    rules: [base],
    policy: { allowedUpstreams: [{ registry: "ecr", accounts: ["555566667777"] }] },
    action: "replace",
    after: { upstreamRegistryUrl: "555566667777.dkr.ecr.us-east-1.amazonaws.com", customRoleArn: ROLE },
  },
  "allowed-upstream region-not-allowed": {
    rules: [base],
    policy: { allowedUpstreams: [{ registry: "ecr", regions: ["us-west-2"] }] },
    action: "replace",
    after: { upstreamRegistryUrl: "999988887777.dkr.ecr.us-west-2.amazonaws.com" },
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
