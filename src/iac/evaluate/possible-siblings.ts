import type { ObservedRule } from "../../facts/snapshot.ts";
import { type DeclaredRule, prefixOf, type SourceLocation } from "../declared-rule.ts";

/**
 * All rules that may be in one registry: those that certainly are, those under a condition that is not known, those
 * whose prefixes are not known, and those whose account or region is not known.
 */
export type PossibleSiblings = {
  /** The list for a rule. It may hold the rule itself. `null` if all of it certainly is in the registry. */
  readonly besides: (rule: DeclaredRule) => readonly ObservedRule[] | null;
};

/** Whether two locations may be the same: what is not known may be anything. */
export function mayBeSame(one: SourceLocation, other: SourceLocation): boolean {
  return mayEqual(one.account, other.account) && mayEqual(one.region, other.region);
}

function mayEqual(one: string | null, other: string | null): boolean {
  return one === null || other === null || one === other;
}

/**
 * Collects the rules that may be in a registry. The lists are shared by all registries of one location.
 *
 * @param rules all rules of all files
 * @returns the siblings of a registry there, in which `certain` rules with known prefixes certainly are
 */
export function possibleSiblingsAt(
  location: SourceLocation,
  rules: readonly DeclaredRule[],
  viewOf: (rule: DeclaredRule) => ObservedRule,
): (certain: number) => PossibleSiblings {
  const possible = rules.filter((rule) => mayBeSame(rule.location, location));
  const prefixed = possible.filter((rule) => prefixOf(rule) !== null);
  const unprefixed = possible.filter((rule) => prefixOf(rule) === null);
  const withPrefix = prefixed.map(viewOf);
  // Those without a prefix come first: a check that reads their prefixes ends there.
  const all = [...unprefixed.map(viewOf), ...withPrefix];
  return (certain) => ({
    besides: (rule) => {
      const isUnprefixed = prefixOf(rule) === null;
      if (unprefixed.length > (isUnprefixed ? 1 : 0)) return all;
      const isOpen = !rule.isCertain && !isUnprefixed;
      return prefixed.length - (isOpen ? 1 : 0) > certain ? withPrefix : null;
    },
  });
}
