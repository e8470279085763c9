import type { RegistryCheck } from "../../checks/evaluation.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import type { PrefixFilter } from "../plan/request.ts";
import { type Answers, type FindingCollectorOptions, openFindingCollector } from "./collect-findings.ts";

/** What the checks said of one registry. */
export type Evaluation = Answers & {
  /** How many rules were judged. */
  readonly rules: number;
};

/** How registries are judged. */
export type EvaluateOptions = FindingCollectorOptions & {
  readonly now: Date;
  readonly inScope: PrefixFilter;
};

/**
 * Judges one registry by every check that the policy leaves on. Pure: the same snapshot, policy and time
 * give the same answer. A check that throws makes one UNKNOWN and a gap, and the others go on.
 */
export function evaluate(
  registry: RegistrySnapshot,
  policy: Policy,
  checks: readonly RegistryCheck[],
  options: EvaluateOptions,
): Evaluation {
  const collector = openFindingCollector(options);
  const { now, inScope } = options;
  for (const check of checks.filter(isOn(policy))) {
    collector.enter(check, registry.target, policy, () => check.evaluate({ registry, policy, now, inScope }));
  }
  return { rules: ruleCount(registry, inScope), ...collector.total() };
}

/** Whether the policy leaves a check on. */
export function isOn({ checks }: Policy): (check: { readonly id: string }) => boolean {
  return ({ id }) => checks[id]?.enabled !== false;
}

function ruleCount({ rules }: RegistrySnapshot, inScope: PrefixFilter): number {
  if (rules.state !== "present") return 0;
  return rules.value.filter(({ rule }) => inScope(rule.ecrRepositoryPrefix)).length;
}
