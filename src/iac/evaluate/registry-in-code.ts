import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { notCollected, present } from "../../facts/evidence.ts";
import { pulls } from "../../facts/pulls.ts";
import { nothingCollected, type ObservedRule, type RegistrySnapshot } from "../../facts/snapshot.ts";
import { type DeclaredRule, prefixOf, ruleParameters, set } from "../declared-rule.ts";
import type { PossibleSiblings } from "./possible-siblings.ts";
import { filledIn, notYetKnown, parametersAt, ruleViewOf } from "./rule-view.ts";

/**
 * The rules that code puts into one registry, as checks see them. Each list is built once for the registry and shared
 * by all its rules, so that the work grows with the number of rules and not with its square.
 */
export type RegistryInCode = {
  /** The rules that will certainly exist and whose prefixes are known. Reading an unknown value throws. */
  readonly siblings: readonly ObservedRule[];
  /** The same rules with a stand-in for each unknown value. */
  readonly siblingsFilledIn: () => readonly ObservedRule[];
  /** The same rules with all others that may be there; `null` if there are none. The list may hold the rule itself. */
  readonly possibleSiblingsOf: (rule: DeclaredRule) => readonly ObservedRule[] | null;
  /** The registry of a rule, with the rule and its siblings. They are listed only when a check reads them. */
  readonly snapshotFor: (rule: DeclaredRule, view: ObservedRule, target: Target) => RegistrySnapshot;
};

/**
 * Collects the rules of one registry.
 *
 * @param rules all rules of the registry, in the order of the code
 * @param target where the registry is, with stand-ins for what is not known
 * @param possibleSiblings the rules that may be there, by how many certainly are
 */
export function registryInCode(
  rules: readonly DeclaredRule[],
  target: Target,
  now: Date,
  possibleSiblings: (certain: number) => PossibleSiblings,
): RegistryInCode {
  const certain = rules.filter((rule) => rule.isCertain && prefixOf(rule) !== null);
  const siblings = certain.map((rule) => siblingAt(rule, target));
  const byPrefix = Map.groupBy(certain, prefixOf);
  const shared = new Map<string, RegistrySnapshot>();
  let filled: readonly ObservedRule[] | null = null;
  const snapshotAt = (at: Target, list: () => readonly ObservedRule[]): RegistrySnapshot => ({
    ...nothingCollected,
    // What is heard of an existing rule says nothing about the code.
    pulls: notCollected(pulls.operation),
    target: at,
    collectedAt: now.toISOString(),
    get rules() {
      return present(list());
    },
  });
  return {
    siblings,
    siblingsFilledIn: () => {
      filled ??= certain.map((rule) =>
        observed(ruleViewOf(rule, filledIn(rule.parameters, ruleParameters, set(notYetKnown)))),
      );
      return filled;
    },
    possibleSiblingsOf: possibleSiblings(certain.length).besides,
    snapshotFor: (rule, view, at) => {
      const prefix = prefixOf(rule);
      const namesakes = byPrefix.get(prefix) ?? [];
      if (namesakes.length !== 1 || namesakes[0] !== rule) {
        return snapshotAt(at, () => [
          view,
          ...siblings.filter((sibling) => sibling.rule.ecrRepositoryPrefix !== prefix),
        ]);
      }
      const key = `${at.account}/${at.region}`;
      const before = shared.get(key) ?? snapshotAt(at, () => siblings);
      shared.set(key, before);
      return before;
    },
  };
}

/** A rule as the others of its registry see it. */
export function siblingAt(rule: DeclaredRule, target: Target): ObservedRule {
  return observed(ruleViewOf(rule, parametersAt(rule, target, "no")));
}

/** A rule that AWS has not validated, because it does not exist yet. */
export function observed(rule: PullThroughCacheRule): ObservedRule {
  return { rule, validation: notValidated };
}

const notValidated = notCollected("ecr:ValidatePullThroughCacheRule");
