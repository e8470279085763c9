import { forEachConcurrently } from "../../core/concurrency.ts";
import { liesBeside, parseSecretArn } from "../../ecr/arn.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { type Evidence, present } from "../../facts/evidence.ts";
import type { FactName } from "../../facts/facts.ts";
import {
  notCollected,
  nothingCollected,
  type ObservedRule,
  type RegistrySnapshot,
  type Validation,
} from "../../facts/snapshot.ts";
import type { PrefixFilter } from "../plan/request.ts";
import type { Clock, RegistryReader } from "../ports.ts";

/** How registries are read. */
export type CollectOptions = {
  readonly clock: Clock;
  /**
   * How long after a failed validation it is asked again, in milliseconds: a secret that was just created is
   * not found for some seconds.
   */
  readonly confirmAfterMs: number;
  /** Calls under way at one registry at once. */
  readonly callsPerRegistry: number;
  /** The rules to validate and to judge. */
  readonly inScope: PrefixFilter;
  /** Aborts when there is no time left: then nothing is waited for any more. */
  readonly stopped?: AbortSignal;
};

/**
 * Reads one registry: its rules, their validation, and of the other facts those that are asked for. Facts, no
 * judgement. Never throws for the registry's trouble: trouble is evidence. A registry without rules costs one
 * call.
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
  if (inScope.length === 0) {
    return {
      target,
      collectedAt,
      rules: present(withValidations(rules.value, new Map())),
      ...nothingCollected,
    };
  }
  const validations = await validate(inScope, reader, options);
  const others = await collectFacts(inScope, target, facts, reader, options);
  return { target, collectedAt, rules: present(withValidations(rules.value, validations)), ...others };
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

/** Validates each rule, and asks once more, a while later, about those that failed. */
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

type Facts = Pick<RegistrySnapshot, FactName>;

async function collectFacts(
  rules: readonly PullThroughCacheRule[],
  target: Target,
  asked: ReadonlySet<FactName>,
  reader: RegistryReader,
  { callsPerRegistry }: CollectOptions,
): Promise<Facts> {
  const facts: { -readonly [Fact in FactName]: Facts[Fact] } = { ...nothingCollected };
  const secrets: Record<string, Facts["secrets"][string]> = {};
  const reads: (() => Promise<void>)[] = [];
  if (asked.has("creationTemplates")) {
    reads.push(async () => {
      facts.creationTemplates = await reader.listCreationTemplates();
    });
  }
  if (asked.has("scanning")) {
    reads.push(async () => {
      facts.scanning = await reader.describeScanning();
    });
  }
  if (asked.has("registryPolicy")) {
    reads.push(async () => {
      facts.registryPolicy = await reader.readRegistryPolicy();
    });
  }
  if (asked.has("secrets")) {
    for (const arn of secretsBeside(rules, target)) {
      reads.push(async () => {
        secrets[arn] = await reader.describeSecret(arn);
      });
    }
    facts.secrets = secrets;
  }
  await forEachConcurrently(reads, callsPerRegistry, (read) => read());
  return facts;
}

/** The secrets that rules name in the registry's own account and region: no other can be a working one. */
function secretsBeside(rules: readonly PullThroughCacheRule[], target: Target): ReadonlySet<string> {
  const arns = rules.flatMap(({ credentialArn }) => (credentialArn === null ? [] : [credentialArn]));
  const lieBeside = (text: string): boolean => {
    const arn = parseSecretArn(text);
    return arn !== null && liesBeside(arn, target);
  };
  return new Set(arns.filter(lieBeside));
}
