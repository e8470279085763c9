import type { PlannedRule } from "../../ecr/rule.ts";
import type { RegistryPlan } from "../../schemas/remediation-plan.ts";
import { ruleText } from "../plan/fingerprint.ts";
import { operationOf } from "../rule-operation.ts";

const ABSENT = "absent";

/**
 * The prefixes whose rule is neither as it was when the plan was made nor as a step of the plan leaves it. Somebody else
 * changed these rules.
 *
 * @param isBegun whether an earlier run began a step: its rule may be deleted while its successor does not exist yet
 */
export function changedSince(
  { rules, changes }: RegistryPlan,
  now: readonly PlannedRule[],
  isBegun: (step: number) => boolean,
): readonly string[] {
  const acceptable = new Map<string, Set<string>>();
  const accept = (prefix: string, text: string): void => {
    acceptable.set(prefix, (acceptable.get(prefix) ?? new Set()).add(text));
  };
  const actual = new Map(now.map((rule) => [rule.ecrRepositoryPrefix, ruleText(rule)]));
  for (const rule of rules) accept(rule.ecrRepositoryPrefix, ruleText(rule));
  changes.forEach(({ before, after }, step) => {
    if (after !== null) accept(after.ecrRepositoryPrefix, ruleText(after));
    const from = before?.ecrRepositoryPrefix;
    const isGoneInTheEnd = from !== undefined && from !== after?.ecrRepositoryPrefix;
    const isGoneForAWhile = operationOf(before, after)?.kind === "replace" && isBegun(step);
    if (from !== undefined && (isGoneInTheEnd || isGoneForAWhile)) accept(from, ABSENT);
  });
  const planned = new Set(rules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix));
  const prefixes = new Set([...acceptable.keys(), ...actual.keys()]);
  return [...prefixes]
    .filter((prefix) => {
      const text = actual.get(prefix) ?? ABSENT;
      if (text === ABSENT && !planned.has(prefix)) return false;
      return acceptable.get(prefix)?.has(text) !== true;
    })
    .toSorted();
}
