import { type Evidence, present } from "../model/evidence.ts";
import type { PullThroughCacheRule } from "../model/rule.ts";
import type { ObservedRule, RegistrySnapshot, Validation } from "../model/snapshot.ts";
import type { Target } from "../model/target.ts";
import { concurrently } from "./concurrently.ts";
import type { Clock, RegistryReader } from "./ports.ts";

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
  readonly inScope: (prefix: string) => boolean;
};

/** Reads one registry: facts, no judgement. Never throws for the registry's trouble: trouble is evidence. */
export async function collect(
  target: Target,
  reader: RegistryReader,
  options: CollectOptions,
): Promise<RegistrySnapshot> {
  const collectedAt = options.clock.now().toISOString();
  const rules = await reader.listRules();
  if (rules.state !== "present") return { target, collectedAt, rules };
  const prefixes = rules.value.map((rule) => rule.ecrRepositoryPrefix).filter(options.inScope);
  const validations = await validate(prefixes, reader, options);
  return { target, collectedAt, rules: present(rules.value.map((rule) => observe(rule, validations))) };
}

type Validations = ReadonlyMap<string, Evidence<Validation>>;

function observe(rule: PullThroughCacheRule, validations: Validations): ObservedRule {
  const validation = validations.get(rule.ecrRepositoryPrefix) ?? outsideTheRequest;
  return { rule, validation };
}

const outsideTheRequest: Evidence<Validation> = {
  state: "unreadable",
  reason: "not-collected",
  operation: "ecr:ValidatePullThroughCacheRule",
  detail: "the request names other prefixes",
};

/** Validates each rule, and asks once more, a while later, about those that failed. */
async function validate(
  prefixes: readonly string[],
  reader: RegistryReader,
  { clock, confirmAfterMs, callsPerRegistry }: CollectOptions,
): Promise<Validations> {
  const validations = new Map<string, Evidence<Validation>>();
  const ask = async (prefix: string): Promise<void> => {
    validations.set(prefix, await reader.validateRule(prefix));
  };
  await concurrently(prefixes, callsPerRegistry, ask);
  const failed = prefixes.filter((prefix) => saysInvalid(validations.get(prefix)));
  if (failed.length > 0) {
    await clock.sleep(confirmAfterMs);
    await concurrently(failed, callsPerRegistry, ask);
  }
  return validations;
}

function saysInvalid(validation: Evidence<Validation> | undefined): boolean {
  return validation?.state === "present" && validation.value.outcome === "invalid";
}
