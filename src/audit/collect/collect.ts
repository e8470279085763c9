import { forEachConcurrently } from "../../core/concurrency.ts";
import { keysOf } from "../../core/records.ts";
import { isSameLocation, parseSecretArn } from "../../ecr/arn.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { type Evidence, notCollected, present } from "../../facts/evidence.ts";
import type { FactName } from "../../facts/index.ts";
import {
  type Facts,
  nothingCollected,
  type ObservedRule,
  type RegistrySnapshot,
  type Validation,
} from "../../facts/snapshot.ts";
import type { PrefixFilter } from "../plan/request.ts";
import type { Clock, RegistryReader } from "../ports.ts";
import { collectRepositories, type RepositoriesRequest, type RepositoryFact } from "./cached-repositories.ts";

/** How a registry is collected. */
export type CollectOptions = {
  readonly clock: Clock;
  /**
   * The delay before a failed validation is repeated, in milliseconds. ECR does not find a new secret for some seconds.
   */
  readonly confirmAfterMs: number;
  /** The maximum number of concurrent calls to one registry. */
  readonly callsPerRegistry: number;
  /** The rules to validate and evaluate. */
  readonly inScope: PrefixFilter;
  /** Which repositories to read; `null` or left out for none, whatever facts are asked for. */
  readonly repositories?: RepositoriesRequest | null;
  /** What was heard of a registry's pulls. Default: nothing. */
  readonly pullsOf?: (target: Target) => Promise<Facts["pulls"]>;
  /** Aborts when no time is left, and ends all waits. */
  readonly stopped?: AbortSignal;
};

/**
 * Collects one registry: its rules, their validation, and the requested facts. Evaluates nothing. Never throws for a
 * failing registry; the failure becomes evidence. A registry without rules costs one call, unless it had rules
 * and the policy asks for what they left behind.
 */
export async function collect(
  target: Target,
  facts: ReadonlySet<FactName>,
  reader: RegistryReader,
  options: CollectOptions,
): Promise<RegistrySnapshot> {
  const collectedAt = options.clock.now().toISOString();
  const rules = await reader.listRules();
  if (rules.state !== "present") return { target, collectedAt, rules, ...nothingCollected };
  const inScope = rules.value.filter((rule) => options.inScope(rule.ecrRepositoryPrefix));
  const validations = await validate(inScope, reader, options);
  const others =
    inScope.length === 0
      ? nothingCollected
      : await collectFacts(facts, { rules: inScope, target, reader }, options);
  const ofRepositories = await repositoriesOf(facts, rules.value, reader, options);
  return {
    target,
    collectedAt,
    rules: present(withValidations(rules.value, validations)),
    ...others,
    ...ofRepositories,
  };
}

/** Reads repositories where rules are in scope, or where there were rules. */
async function repositoriesOf(
  asked: ReadonlySet<FactName>,
  rules: readonly PullThroughCacheRule[],
  reader: RegistryReader,
  { repositories: request = null, inScope, callsPerRegistry: callsAtOnce, clock }: CollectOptions,
) {
  if (request === null || !asked.has("cachedRepositories")) return {};
  const prefixes = rules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix);
  if (![...prefixes, ...request.formerPrefixes].some(inScope)) return {};
  return collectRepositories(asked, { prefixes, request, inScope, reader, callsAtOnce, now: clock.now() });
}

type Validations = ReadonlyMap<string, Evidence<Validation>>;

function withValidations(
  rules: readonly PullThroughCacheRule[],
  validations: Validations,
): readonly ObservedRule[] {
  return rules.map((rule) => ({
    rule,
    validation: validations.get(rule.ecrRepositoryPrefix) ?? notCollected("ecr:ValidatePullThroughCacheRule"),
  }));
}

/** Validates each rule, and repeats failed validations once after a delay. */
async function validate(
  rules: readonly PullThroughCacheRule[],
  reader: RegistryReader,
  { clock, confirmAfterMs, callsPerRegistry, stopped }: CollectOptions,
): Promise<Validations> {
  const validations = new Map<string, Evidence<Validation>>();
  const ask = async (prefix: string): Promise<void> => {
    validations.set(prefix, await reader.validateRule(prefix));
  };
  const prefixes = rules.map((rule) => rule.ecrRepositoryPrefix);
  await forEachConcurrently(prefixes, callsPerRegistry, ask);
  const failed = prefixes.filter((prefix) => saysInvalid(validations.get(prefix)));
  if (failed.length > 0) {
    await clock.sleep(confirmAfterMs, stopped);
    await forEachConcurrently(failed, callsPerRegistry, ask);
  }
  return validations;
}

function saysInvalid(validation: Evidence<Validation> | undefined): boolean {
  return validation?.state === "present" && validation.value.outcome === "invalid";
}

/** What the calls for facts need, and the facts that they fill in. */
type Reading = {
  readonly rules: readonly PullThroughCacheRule[];
  readonly target: Target;
  readonly reader: RegistryReader;
  readonly pullsOf: NonNullable<CollectOptions["pullsOf"]>;
  readonly facts: { -readonly [Name in FactName]: Facts[Name] };
};

/** The calls that read each fact, except those about repositories. Does not compile if a fact is missing. */
const callsFor: Readonly<
  Record<Exclude<FactName, RepositoryFact>, (reading: Reading) => readonly (() => Promise<void>)[]>
> = {
  creationTemplates: ({ reader, facts }) => [
    async () => {
      facts.creationTemplates = await reader.listCreationTemplates();
    },
  ],
  scanning: ({ reader, facts }) => [
    async () => {
      facts.scanning = await reader.describeScanning();
    },
  ],
  registryPolicy: ({ reader, facts }) => [
    async () => {
      facts.registryPolicy = await reader.readRegistryPolicy();
    },
  ],
  secrets: ({ rules, target, reader, facts }) => {
    const secrets: Record<string, Facts["secrets"][string]> = {};
    facts.secrets = secrets;
    return Array.from(secretsBeside(rules, target), (arn) => async () => {
      secrets[arn] = await reader.describeSecret(arn);
    });
  },
  secretVersions: ({ rules, target, reader, facts }) => {
    const versions: Record<string, Facts["secretVersions"][string]> = {};
    facts.secretVersions = versions;
    return Array.from(secretsBeside(rules, target), (arn) => async () => {
      versions[arn] = await reader.readSecretVersion(arn);
    });
  },
  pulls: ({ target, pullsOf, facts }) => [
    async () => {
      facts.pulls = await pullsOf(target);
    },
  ],
};

async function collectFacts(
  asked: ReadonlySet<FactName>,
  { rules, target, reader }: Omit<Reading, "facts" | "pullsOf">,
  { callsPerRegistry, pullsOf = async () => nothingCollected.pulls }: CollectOptions,
): Promise<Facts> {
  const facts = { ...nothingCollected };
  const calls = keysOf(callsFor)
    .filter((name) => asked.has(name))
    .flatMap((name) => callsFor[name]({ rules, target, reader, pullsOf, facts }));
  await forEachConcurrently(calls, callsPerRegistry, (call) => call());
  return facts;
}

/** The secrets that rules name in the registry's own account and region. ECR cannot use any other secret. */
function secretsBeside(rules: readonly PullThroughCacheRule[], target: Target): ReadonlySet<string> {
  const arns = rules.flatMap(({ credentialArn }) => (credentialArn === null ? [] : [credentialArn]));
  const lieBeside = (text: string): boolean => {
    const arn = parseSecretArn(text);
    return arn !== null && isSameLocation(arn, target);
  };
  return new Set(arns.filter(lieBeside));
}
