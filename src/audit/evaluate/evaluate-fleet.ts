import type { FleetCheck } from "../../checks/evaluation.ts";
import type { FleetRule } from "../../checks/verdict.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import type { Evidence } from "../../facts/evidence.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import { type Answers, type FindingCollectorOptions, openFindingCollector } from "./collect-findings.ts";
import { isOn } from "./evaluate.ts";

/** The part of a registry that fleet checks use. */
export type RegistryRules = {
  readonly target: Target;
  readonly rules: Evidence<readonly PullThroughCacheRule[]>;
};

/** The part of a snapshot that fleet checks use, so that the rest can be garbage-collected. */
export function rulesOf({ target, rules }: RegistrySnapshot): RegistryRules {
  if (rules.state !== "present") return { target, rules };
  return { target, rules: { state: "present", value: rules.value.map(({ rule }) => rule) } };
}

/**
 * Evaluates all registries together. A registry whose rules could not be read results in one UNKNOWN for each check. A
 * check that throws results in one UNKNOWN for each registry.
 */
export function evaluateFleet(
  fleet: readonly RegistryRules[],
  policyFor: (target: Target) => Policy,
  checks: readonly FleetCheck[],
  options: FindingCollectorOptions,
): Answers {
  const collector = openFindingCollector(options);
  for (const check of checks) {
    const evaluated = fleet.filter(({ target }) => {
      const policy = policyFor(target);
      return isOn(policy)(check) && check.isDemanded(policy);
    });
    const evaluationsOf = evaluateAll(check, evaluated);
    for (const { target, rules } of evaluated) {
      collector.enter(check, target, policyFor(target), () =>
        rules.state === "unreadable"
          ? [check.evaluateUnread(target, rules)]
          : evaluationsOf(target, rules.state === "present" ? rules.value : []),
      );
    }
  }
  return collector.total();
}

function evaluateAll(check: FleetCheck, fleet: readonly RegistryRules[]): ReturnType<FleetCheck["evaluate"]> {
  const all = fleet.flatMap(({ target, rules }): readonly FleetRule[] =>
    rules.state === "present" ? rules.value.map((rule) => ({ target, rule })) : [],
  );
  try {
    return check.evaluate(all);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
