import { memoize } from "../../core/memoize.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import { type ExpressionFacts, ruleTexts } from "./facts.ts";
import type { FactSizes } from "./size.ts";

/** The sizes of the facts of an expression. Text lengths are rounded up to the next power of two. */
export function factSizes({ registry, rule }: ExpressionFacts): FactSizes {
  const sizes = registrySizes(registry);
  return rule === null ? sizes : { ...sizes, text: roundedUp(Math.max(sizes.text, longestIn(rule))) };
}

/** Computed once for each registry, not for each of its rules. */
const registrySizes = memoize(
  new WeakMap<RegistrySnapshot, FactSizes>(),
  ({ target, rules }: RegistrySnapshot): FactSizes => {
    const observed = rules.state === "present" ? rules.value : [];
    const { account, accountName, region, organizationalUnits } = target;
    const texts = [account, accountName ?? "", region, ...organizationalUnits].map(({ length }) => length);
    const longest = observed.reduce((most, { rule }) => Math.max(most, longestIn(rule)), Math.max(...texts));
    return { rules: observed.length, units: organizationalUnits.length, text: roundedUp(longest) };
  },
);

/** The length of the longest known text of a rule. An expression that reads an unknown text is not evaluated. */
function longestIn(rule: PullThroughCacheRule): number {
  return ruleTexts(rule).reduce((longest, text) => {
    try {
      return Math.max(longest, text().length);
    } catch {
      return longest;
    }
  }, 0);
}

function roundedUp(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(64, length)));
}
