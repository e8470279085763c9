import type { FleetCheck, Judgement } from "../../checks/evaluation.ts";
import type { FleetRule } from "../../checks/verdict.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import type { Evidence } from "../../facts/evidence.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import { type Answers, openTally, type TallyOptions } from "./collect-findings.ts";
import { isOn } from "./evaluate.ts";

/** As much of a registry as checks of the fleet look at. */
export type RegistryRules = {
  readonly target: Target;
  readonly rules: Evidence<readonly PullThroughCacheRule[]>;
};

/** What checks of the fleet need of a snapshot, without all else, which may then be forgotten. */
export function rulesOf({ target, rules }: RegistrySnapshot): RegistryRules {
  if (rules.state !== "present") return { target, rules };
  return { target, rules: { state: "present", value: rules.value.map(({ rule }) => rule) } };
}

/**
 * Judges all registries beside each other. A registry whose rules could not be read makes one UNKNOWN; a check
 * that throws makes one in each registry.
 */
export function evaluateFleet(
  fleet: readonly RegistryRules[],
  policyFor: (target: Target) => Policy,
  checks: readonly FleetCheck[],
  options: TallyOptions,
): Answers {
  const tally = openTally(options);
  for (const check of checks) {
    const judged = fleet.filter(({ target }) => {
      const policy = policyFor(target);
      return isOn(policy)(check) && check.isDemanded(policy);
    });
    const judgementsOf = judgeAll(check, judged);
    for (const { target, rules } of judged) {
      tally.enter(check, target, policyFor(target), () =>
        rules.state === "unreadable" ? [check.judgeUnread(target, rules)] : judgementsOf(target),
      );
    }
  }
  return tally.total();
}

function judgeAll(
  check: FleetCheck,
  fleet: readonly RegistryRules[],
): (target: Target) => readonly Judgement[] {
  const all = fleet.flatMap(({ target, rules }): readonly FleetRule[] =>
    rules.state === "present" ? rules.value.map((rule) => ({ target, rule })) : [],
  );
  const byTarget = new Map<Target, Judgement[]>();
  try {
    for (const { target, judgement } of check.judge(all)) {
      const judgements = byTarget.get(target) ?? [];
      judgements.push(judgement);
      byTarget.set(target, judgements);
    }
  } catch (error) {
    return () => {
      throw error;
    };
  }
  return (target) => byTarget.get(target) ?? [];
}
