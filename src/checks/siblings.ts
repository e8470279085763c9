import { memoize } from "../core/memoize.ts";
import { withoutSlash } from "../ecr/prefix.ts";
import { RULE_QUOTA } from "../ecr/rule.ts";
import type { ObservedRule } from "../facts/snapshot.ts";

/** The most characters of a repository name (Amazon ECR API reference, CreateRepository, November 2026). */
const LONGEST_NAME = 256;

/** Finds the rules of one registry by their prefixes, so that a check does not compare every rule with every other. */
export type PrefixIndex = {
  /** The first rule with this prefix, spelled with or without the slash at its end. */
  readonly named: (prefix: string) => ObservedRule | undefined;
  /**
   * The rules whose prefixes lie around `prefix` or equal it: one for each spelling, the outermost first. Prefixes
   * that are longer than any repository name are not looked for.
   */
  readonly around: (prefix: string) => readonly ObservedRule[];
};

/**
 * Remembers what a check works out about the rules of a registry. An audit evaluates one registry after the other, so
 * that the last one is enough: a weak map would keep all of them until the next full garbage collection. Code may list
 * more rules than a registry can have, in lists that return.
 */
export function perRegistry<Index extends object>(
  build: (rules: readonly ObservedRule[]) => Index,
): (rules: readonly ObservedRule[]) => Index {
  const ofLongLists = memoize(new WeakMap<readonly ObservedRule[], Index>(), build);
  let last: { readonly rules: readonly ObservedRule[]; readonly index: Index } | null = null;
  return (rules) => {
    if (rules.length > RULE_QUOTA) return ofLongLists(rules);
    if (last?.rules !== rules) last = { rules, index: build(rules) };
    return last.index;
  };
}

/** The index of a registry's rules. */
export const prefixIndexOf = perRegistry(buildIndex);

function buildIndex(rules: readonly ObservedRule[]): PrefixIndex {
  const byName = new Map<string, ObservedRule[]>();
  for (const observed of rules) {
    const prefix = observed.rule.ecrRepositoryPrefix;
    const name = withoutSlash(prefix);
    // A name has at most two spellings.
    const spellings = byName.get(name);
    if (spellings === undefined) byName.set(name, [observed]);
    else if (!spellings.some(({ rule }) => rule.ecrRepositoryPrefix === prefix)) spellings.push(observed);
  }
  const spelled = (name: string): readonly ObservedRule[] => byName.get(name) ?? [];
  return {
    named: (prefix) => spelled(withoutSlash(prefix))[0],
    around: (prefix) => namesAround(prefix).flatMap(spelled),
  };
}

/** `a`, `a/b`, and `a/b/c` for `a/b/c` and for `a/b/c/`. */
function namesAround(prefix: string): readonly string[] {
  const inside = `${withoutSlash(prefix)}/`.slice(0, LONGEST_NAME + 1);
  const names: string[] = [];
  for (let end = inside.indexOf("/"); end >= 0; end = inside.indexOf("/", end + 1)) {
    names.push(inside.slice(0, end));
  }
  return names;
}
