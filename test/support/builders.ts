/**
 * Builders of one perfect object each: a test spoils the one thing that it is about.
 *
 * A registry that is built of nothing but defaults passes every check under {@link aPolicy} of nothing but
 * defaults; keep it so when the snapshot or the policy grows.
 */
import type * as z from "zod";
import type { Clock, OrganizationAccount, RegistryReader, Sources } from "../../src/audit/ports.ts";
import { checkIds } from "../../src/checks/index.ts";
import { present } from "../../src/model/evidence.ts";
import type { PullThroughCacheRule } from "../../src/model/rule.ts";
import type { ObservedRule, RegistrySnapshot, Validation } from "../../src/model/snapshot.ts";
import type { Target } from "../../src/model/target.ts";
import { knownUpstreams, recognizeUpstream } from "../../src/model/upstream.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import type { Policy, policySchema } from "../../src/policy/schema.ts";

/** The time at which tests audit. */
export const NOW = new Date("2026-11-20T02:00:00.000Z");

/** The registry of an account of an organization, in Ireland. */
export function aTarget(overrides: Partial<Target> = {}): Target {
  return {
    account: "111122223333",
    accountName: "payments-prod",
    organizationalUnits: ["r-ab12", "ou-ab12-34567890"],
    region: "eu-west-1",
    ...overrides,
  };
}

/** A rule for Docker Hub. Another URL makes it a rule for the upstream that the URL tells, as in an audit. */
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

/** What AWS says of a rule that works. */
export const valid: Validation = { outcome: "valid" };

/** A rule that AWS has found to work. */
export function anObservedRule(overrides: Partial<ObservedRule> = {}): ObservedRule {
  return { rule: aRule(), validation: present(valid), ...overrides };
}

/** A registry with one rule, all of it read. */
export function aSnapshot(overrides: Partial<RegistrySnapshot> = {}): RegistrySnapshot {
  return {
    target: aTarget(),
    collectedAt: NOW.toISOString(),
    rules: present([anObservedRule()]),
    ...overrides,
  };
}

/** A registry with one working rule for each of `rules`, which say what sets theirs apart from {@link aRule}. */
export function aRegistryOf(...rules: readonly Partial<PullThroughCacheRule>[]): RegistrySnapshot {
  return aSnapshot({ rules: present(rules.map((rule) => anObservedRule({ rule: aRule(rule) }))) });
}

/** A policy file as people write it. */
export type PolicyFile = z.input<typeof policySchema>;

/** A policy file that allows every known upstream, and otherwise leaves everything to the defaults. */
export function aPolicyFile(overrides: Partial<PolicyFile> = {}): PolicyFile {
  return { version: 1, allowedUpstreams: knownUpstreams.map((registry) => ({ registry })), ...overrides };
}

/** {@link aPolicyFile} as the audit sees it: checked, with its defaults filled in. */
export function aPolicy(overrides: Partial<PolicyFile> = {}): Policy {
  return parsePolicy(aPolicyFile(overrides), "the test's policy", checkIds);
}

/** A clock that stands at {@link NOW}, moves only when somebody sleeps, and remembers each sleep. */
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

/** A reader of a registry with the rule of {@link aRule}, which works. */
export function aReader(overrides: Partial<RegistryReader> = {}): RegistryReader {
  return {
    listRules: async () => present([aRule()]),
    validateRule: async () => present(valid),
    ...overrides,
  };
}

/** An active account of the organization. */
export function anAccount(overrides: Partial<OrganizationAccount> = {}): OrganizationAccount {
  return {
    id: "111122223333",
    name: "payments-prod",
    state: "ACTIVE",
    organizationalUnits: ["r-ab12", "ou-ab12-34567890"],
    ...overrides,
  };
}

/** The sources of an organization of `accounts`, with two regions enabled and one rule in every registry. */
export function sourcesOf(
  accounts: readonly OrganizationAccount[] = [anAccount()],
  overrides: Partial<Sources> = {},
): Sources {
  return {
    identity: { account: "111122223333", region: "eu-west-1" },
    listAccounts: async function* () {
      yield* accounts;
    },
    listEnabledRegions: async () => present(["eu-west-1", "us-east-1"]),
    openRegistry: () => aReader(),
    ...overrides,
  };
}
