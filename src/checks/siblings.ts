import { memoize } from "../core/memoize.ts";
import { withoutSlash } from "../ecr/prefix.ts";
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

/** The index of a registry's rules. It is built once for each list. */
export const prefixIndexOf = memoize(new WeakMap<readonly ObservedRule[], PrefixIndex>(), buildIndex);

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
