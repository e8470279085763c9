import type { RegistryCheck } from "../../checks/evaluation.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import type { ObservedChange } from "../../schemas/change.ts";
import type { PrefixFilter } from "../plan/request.ts";
import { type Answers, type FindingCollectorOptions, openFindingCollector } from "./collect-findings.ts";

/** The results of the checks for one registry. */
export type Evaluation = Answers & {
  /** The number of rules evaluated. */
  readonly rules: number;
};

/** How registries are evaluated. */
export type EvaluateOptions = FindingCollectorOptions & {
  readonly now: Date;
  readonly inScope: PrefixFilter;
  /** The last known changes of the registry. Default: none is known. */
  readonly changes?: readonly ObservedChange[];
};

/**
 * Evaluates one registry with every check that the policy enables. Pure: the same snapshot, policy and time give the
 * same results. A check that throws results in one UNKNOWN and a gap; the other checks still run.
 */
export function evaluate(
  registry: RegistrySnapshot,
  policy: Policy,
  checks: readonly RegistryCheck[],
  options: EvaluateOptions,
): Evaluation {
  const collector = openFindingCollector(options);
  const { now, inScope, changes = [] } = options;
  for (const check of checks.filter(isOn(policy))) {
    collector.enter(check, registry.target, policy, () =>
      check.evaluate({ registry, policy, now, inScope, changes }),
    );
  }
  return { rules: ruleCount(registry, inScope), ...collector.total() };
}

/** Whether the policy enables a check. */
export function isOn({ checks }: Policy): (check: { readonly id: string }) => boolean {
  return ({ id }) => checks[id]?.enabled !== false;
}

function ruleCount({ rules }: RegistrySnapshot, inScope: PrefixFilter): number {
  if (rules.state !== "present") return 0;
  return rules.value.filter(({ rule }) => inScope(rule.ecrRepositoryPrefix)).length;
}
