import type { RegistryCheck } from "../../checks/evaluation.ts";
import { memoize } from "../../core/memoize.ts";
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
  const { now, inScope, changes = [], includePassing } = options;
  const rules = ruleCount(registry, inScope);
  const { enabled, demanded, notDemanded } = inForce(checks)(policy);
  const subject = { registry, policy, now, inScope, changes };
  for (const check of includePassing ? enabled : demanded) {
    collector.enter(check, registry.target, policy, () => check.evaluate(subject));
  }
  if (!includePassing && registry.rules.state !== "unreadable") {
    collector.countNotDemanded(notDemanded.rule * rules + (inScope(null) ? notDemanded.registry : 0));
  }
  return { rules, ...collector.total() };
}

/** The checks that an effective policy enables. */
type ChecksInForce = {
  readonly enabled: readonly RegistryCheck[];
  /** Those that it requires. */
  readonly demanded: readonly RegistryCheck[];
  /** The number of the others, by what they have one result for. */
  readonly notDemanded: Readonly<Record<RegistryCheck["resultsPer"], number>>;
};

/** Decided once for each effective policy, because most policies require few of the checks, and fleets are large. */
const inForce = memoize(
  new WeakMap<readonly RegistryCheck[], (policy: Policy) => ChecksInForce>(),
  (checks) =>
    memoize(new WeakMap<Policy, ChecksInForce>(), (policy) => {
      const enabled = checks.filter(isOn(policy));
      const notDemanded = { rule: 0, registry: 0 };
      for (const check of enabled) if (!check.isDemanded(policy)) notDemanded[check.resultsPer] += 1;
      return { enabled, demanded: enabled.filter((check) => check.isDemanded(policy)), notDemanded };
    }),
);

/** Whether the policy enables a check. */
export function isOn({ checks }: Policy): (check: { readonly id: string }) => boolean {
  return ({ id }) => checks[id]?.enabled !== false;
}

function ruleCount({ rules }: RegistrySnapshot, inScope: PrefixFilter): number {
  if (rules.state !== "present") return 0;
  return rules.value.filter(({ rule }) => inScope(rule.ecrRepositoryPrefix)).length;
}
