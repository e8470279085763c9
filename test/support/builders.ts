/**
 * Builders of one valid object each. A test overrides only the property that it is about.
 *
 * A registry with only defaults passes every check, under {@link aPolicy} with only defaults and under
 * {@link aDemandingPolicy}. Keep it that way when the snapshot or the policy grows.
 */
import type * as z from "zod";
import type {
  Clock,
  DescribedRepository,
  OrganizationAccount,
  RegistryReader,
  Sources,
} from "../../src/audit/ports.ts";
import { checkIds } from "../../src/checks/index.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import type { Target } from "../../src/ecr/target.ts";
import { knownUpstreams, recognizeUpstream } from "../../src/ecr/upstream.ts";
import type { CachedRepositories, CachedRepository } from "../../src/facts/cached-repositories.ts";
import type { CreationTemplate } from "../../src/facts/creation-templates.ts";
import { absent, present } from "../../src/facts/evidence.ts";
import type { Scanning } from "../../src/facts/scanning.ts";
import type { SecretDescription } from "../../src/facts/secrets.ts";
import type { ObservedRule, RegistrySnapshot, Validation } from "../../src/facts/snapshot.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import type { Policy, policySchema } from "../../src/policy/schema.ts";
import type { Waiver } from "../../src/policy/sections/waivers.ts";

/** The time at which tests audit. */
export const NOW = new Date("2026-11-20T02:00:00.000Z");

/** The registry of an account of an organization, in Ireland. */
export function aTarget(overrides: Partial<Target> = {}): Target {
  return {
    account: "111122223333",
    accountName: "payments-prod",
    organizationId: "o-exampleorgid",
    organizationalUnits: ["r-ab12", "ou-ab12-34567890"],
    region: "eu-west-1",
    ...overrides,
  };
}

/** A rule for Docker Hub. With another URL, its upstream follows from the URL, as in an audit. */
export function aRule(overrides: Partial<PullThroughCacheRule> = {}): PullThroughCacheRule {
  const { upstreamRegistryUrl = "registry-1.docker.io" } = overrides;
  return {
    ecrRepositoryPrefix: "docker-hub",
    upstreamRegistryUrl,
    upstreamRegistry: recognizeUpstream(upstreamRegistryUrl),
    upstreamRepositoryPrefix: "ROOT",
    credentialArn:
      "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf",
    customRoleArn: null,
    createdAt: "2026-01-15T09:00:00.000Z",
    updatedAt: "2026-01-15T09:00:00.000Z",
    ...overrides,
  };
}

/** The validation of a rule that works. */
export const valid: Validation = { outcome: "valid" };

/** A rule with a successful validation. */
export function anObservedRule(overrides: Partial<ObservedRule> = {}): ObservedRule {
  return { rule: aRule(), validation: present(valid), ...overrides };
}

/** A repository creation template for all repositories that rules create. */
export function aCreationTemplate(overrides: Partial<CreationTemplate> = {}): CreationTemplate {
  return {
    prefix: "ROOT",
    appliedFor: ["PULL_THROUGH_CACHE"],
    imageTagMutability: "MUTABLE",
    encryptionType: "KMS",
    hasLifecyclePolicy: true,
    hasRepositoryPolicy: true,
    lifecyclePolicy: aLifecyclePolicy(),
    repositoryPolicy: aRepositoryPolicy(),
    hasResourceTags: false,
    customRoleArn: "arn:aws:iam::111122223333:role/ecr-create",
    ...overrides,
  };
}

/** The text of a lifecycle policy with `rules`. The default rule expires all images 30 days after their push. */
export function aLifecyclePolicy(...rules: readonly object[]): string {
  const expiring = {
    rulePriority: 1,
    selection: { tagStatus: "any", countType: "sinceImagePushed", countUnit: "days", countNumber: 30 },
    action: { type: "expire" },
  };
  return JSON.stringify({ rules: rules.length > 0 ? rules : [expiring] });
}

/** The text of a repository policy with `statements`. The default statement lets a trusted account pull. */
export function aRepositoryPolicy(...statements: readonly object[]): string {
  const trusting = {
    Sid: "LetPullersPull",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::444455556666:root" },
    Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
  };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.length > 0 ? statements : [trusting],
  });
}

/** A scanning configuration that covers every repository. */
export function aScanning(overrides: Partial<Scanning> = {}): Scanning {
  return {
    scanType: "ENHANCED",
    rules: [{ scanFrequency: "CONTINUOUS_SCAN", filters: ["*"] }],
    ...overrides,
  };
}

/** The text of a registry policy with `statements`. The default statement allows a trusted account. */
export function aRegistryPolicy(...statements: readonly object[]): string {
  const trusting = {
    Sid: "LetPullersImport",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::444455556666:root" },
    Action: ["ecr:CreateRepository", "ecr:BatchImportUpstreamImage"],
    Resource: "arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/*",
  };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.length > 0 ? statements : [trusting],
  });
}

/** A secret that was changed a month before {@link NOW} and whose token is good for half a year. */
export function aSecret(overrides: Partial<SecretDescription> = {}): SecretDescription {
  return {
    name: "ecr-pullthroughcache/docker-hub",
    kmsKeyId: null,
    lastChangedAt: "2026-10-20T09:00:00.000Z",
    deletedAt: null,
    tags: { "expires-on": "2027-06-30" },
    rotation: { isEnabled: true, nextAt: "2026-12-20T09:00:00.000Z" },
    ...overrides,
  };
}

/** A registry with one rule, all of it read; each secret that a rule names is as {@link aSecret}. */
export function aSnapshot(overrides: Partial<RegistrySnapshot> = {}): RegistrySnapshot {
  const { rules = present([anObservedRule()]) } = overrides;
  const { secrets = secretsOf(rules.state === "present" ? rules.value : []) } = overrides;
  return {
    target: aTarget(),
    collectedAt: NOW.toISOString(),
    rules,
    creationTemplates: present([aCreationTemplate()]),
    scanning: present(aScanning()),
    registryPolicy: present(aRegistryPolicy()),
    secrets,
    secretVersions: versionsOf(secrets),
    cachedRepositories: present(cachedOf(rules.state === "present" ? rules.value : [])),
    cachedLifecyclePolicies: present({ texts: [aLifecyclePolicy()], of: { [cachedName]: 0 }, unread: [] }),
    cachedRepositoryPolicies: present({ texts: [aRepositoryPolicy()], of: { [cachedName]: 0 }, unread: [] }),
    pulls: absent,
    repositorySizes: present({}),
    repositoryPulls: present({ since: "2026-08-22T02:00:00.000Z", of: { [cachedName]: 12 } }),
    ...overrides,
  };
}

const cachedName = "docker-hub/library/nginx";

/** A repository as {@link aCreationTemplate} makes it. */
export function aCachedRepository(overrides: Partial<CachedRepository> = {}): CachedRepository {
  return {
    name: cachedName,
    prefix: "docker-hub",
    createdAt: "2026-05-04T09:00:00.000Z",
    imageTagMutability: "MUTABLE",
    encryptionType: "KMS",
    scanOnPush: false,
    ...overrides,
  };
}

/** One repository as it should be under the rule `docker-hub`, if there is one. */
function cachedOf(rules: readonly ObservedRule[]): CachedRepositories {
  const prefixes = rules.map(({ rule }) => rule.ecrRepositoryPrefix);
  const lookedAt = prefixes.includes("docker-hub") ? [aCachedRepository()] : [];
  return {
    prefixes: [...new Set(prefixes)].map((prefix) => ({
      prefix,
      isFormer: false,
      existing: prefix === "docker-hub" ? 1 : 0,
      excluded: 0,
    })),
    lookedAt,
  };
}

function secretsOf(rules: readonly ObservedRule[]): RegistrySnapshot["secrets"] {
  const arns = rules.flatMap(({ rule }) => rule.credentialArn ?? []);
  return Object.fromEntries(arns.map((arn) => [arn, present(aSecret())]));
}

/** The versions of secrets whose values are as old as their last change. */
function versionsOf(secrets: RegistrySnapshot["secrets"]): RegistrySnapshot["secretVersions"] {
  return Object.fromEntries(
    Object.entries(secrets).map(([arn, secret]) => [
      arn,
      secret.state === "present" ? present({ currentSince: secret.value.lastChangedAt }) : secret,
    ]),
  );
}

/** A registry with one working rule for each of `rules`, which say what sets theirs apart from {@link aRule}. */
export function aRegistryOf(...rules: readonly Partial<PullThroughCacheRule>[]): RegistrySnapshot {
  return aSnapshot({ rules: present(rules.map((rule) => anObservedRule({ rule: aRule(rule) }))) });
}

/** A policy file as users write it. */
export type PolicyFile = z.input<typeof policySchema>;

/** A policy file that allows every known upstream, and uses the defaults otherwise. */
export function aPolicyFile(overrides: Partial<PolicyFile> = {}): PolicyFile {
  return { version: 1, allowedUpstreams: knownUpstreams.map((registry) => ({ registry })), ...overrides };
}

/** {@link aPolicyFile} as the audit sees it: checked, with its defaults filled in. */
export function aPolicy(overrides: Partial<PolicyFile> = {}): Policy {
  return parsePolicy(aPolicyFile(overrides), "the test's policy", checkIds);
}

/** A policy file with every section that needs facts, each with a requirement. */
export function aDemandingPolicyFile(overrides: Partial<PolicyFile> = {}): PolicyFile {
  return aPolicyFile({
    prefixes: { pattern: "[a-z0-9]+(-[a-z0-9]+)*", maxLength: 20, duplicateUpstreams: "forbid" },
    requiredRules: [{ prefix: "docker-hub", registry: "docker-hub" }],
    undeclaredRules: "forbid",
    secrets: { maxAgeDays: 90, rotation: "required", expiryTag: "expires-on", warnDays: 14 },
    creationTemplates: {
      required: true,
      tagMutability: ["MUTABLE"],
      encryption: ["KMS"],
      lifecyclePolicy: { expireAfterDays: 30 },
      repositoryPolicy: { trustedAccounts: ["444455556666"] },
    },
    scanning: { required: true, frequencies: ["CONTINUOUS_SCAN"] },
    registryPolicy: { trustedAccounts: ["444455556666"], trustOrganization: true },
    cachedRepositories: { lifecyclePolicy: true, unusedAfterDays: 90 },
    changes: { allowedPrincipals: ["arn:aws:iam::*:role/deploy-*"] },
    ...overrides,
  });
}

/** {@link aDemandingPolicyFile} as the audit sees it. */
export function aDemandingPolicy(overrides: Partial<PolicyFile> = {}): Policy {
  return parsePolicy(aDemandingPolicyFile(overrides), "the test's policy", checkIds);
}

/** A waiver for every check everywhere, in force for months. */
export function aWaiver(overrides: Partial<Waiver> = {}): Waiver {
  return {
    check: "*",
    reason: "moves to the new registry in spring",
    owner: "team-payments",
    ticket: "SEC-12",
    expires: "2027-04-30",
    ...overrides,
  };
}

/** A clock that starts at {@link NOW}, advances only by sleeping, and records each sleep. */
export function aClock(): Clock & { readonly sleeps: readonly number[] } {
  const sleeps: number[] = [];
  let time = NOW.getTime();
  return {
    sleeps,
    now: () => new Date(time),
    sleep: async (milliseconds) => {
      sleeps.push(milliseconds);
      time += milliseconds;
    },
  };
}

/** A repository as ECR describes it. */
export function describedOf({ prefix: _, ...described }: CachedRepository): DescribedRepository {
  return described;
}

/** A reader of a registry as {@link aSnapshot}. */
export function aReader(overrides: Partial<RegistryReader> = {}): RegistryReader {
  return {
    listRules: async () => present([aRule()]),
    validateRule: async () => present(valid),
    listCreationTemplates: async () => present([aCreationTemplate()]),
    describeScanning: async () => present(aScanning()),
    readRegistryPolicy: async () => present(aRegistryPolicy()),
    describeSecret: async () => present(aSecret()),
    readSecretVersion: async () => present({ currentSince: aSecret().lastChangedAt }),
    listRepositories: async () => present([describedOf(aCachedRepository())]),
    readLifecyclePolicy: async () => present(aLifecyclePolicy()),
    readRepositoryPolicy: async () => present(aRepositoryPolicy()),
    measureRepository: async () => present({ images: 3, bytes: 600_000_000, isWhole: true }),
    countPulls: async (names) => present(Object.fromEntries(names.map((name) => [name, 12]))),
    ...overrides,
  };
}

/** An active account of the organization. */
export function anAccount(overrides: Partial<OrganizationAccount> = {}): OrganizationAccount {
  return {
    id: "111122223333",
    name: "payments-prod",
    state: "ACTIVE",
    organizationId: "o-exampleorgid",
    organizationalUnits: ["r-ab12", "ou-ab12-34567890"],
    ...overrides,
  };
}

/** The sources of an organization of `accounts`, with two regions enabled and one rule in every registry. */
export function sourcesOf(
  accounts: readonly OrganizationAccount[] = [anAccount()],
  overrides: Partial<Sources> = {},
): Sources {
  const stopping = new AbortController();
  return {
    identity: { account: "111122223333", region: "eu-west-1" },
    listAccounts: async function* () {
      yield* accounts;
    },
    listEnabledRegions: async () => present(["eu-west-1", "us-east-1"]),
    openRegistry: () => aReader(),
    openTrail: () => async () => present({ records: [], next: null }),
    room: async () => undefined,
    calls: () => ({ sent: 0, throttled: 0 }),
    stop: () => stopping.abort(),
    stopped: stopping.signal,
    ...overrides,
  };
}
