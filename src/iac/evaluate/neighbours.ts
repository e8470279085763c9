import { memoize } from "../../core/memoize.ts";
import { compareValues } from "../../core/order.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import { type DeclaredRule, type DepartingRule, prefixOf, type SourceLocation } from "../declared-rule.ts";
import { mayBeSame } from "./possible-siblings.ts";

/** The other rules that decide whether AWS creates a rule. */
export type Neighbours = {
  /** A rule with the same prefix that exists already or that will certainly exist too. */
  readonly twin: { readonly address: string; readonly isThereBefore: boolean } | null;
  /** The address of a rule with the same prefix that is deleted, before or after. */
  readonly leavingTwin: string | null;
  /** The address of a rule with the same prefix whose condition is not known. */
  readonly uncertainTwin: string | null;
  /** The address of another rule of the registry whose prefix is not known. */
  readonly unknownPrefix: string | null;
  /** The address of a rule with the same prefix that may be in the same registry. */
  readonly perhapsInSameRegistry: string | null;
  /** How many rules the registry holds. */
  readonly counts: RegistryCounts;
};

/** How many rules a registry holds, by how certain it is. Rules with one prefix count once. */
export type RegistryCounts = {
  /** Those that exist and stay. */
  readonly there: number;
  /** Those that certainly are created. */
  readonly created: number;
  /** Those of which it is not known whether they are there when others are created. */
  readonly uncertain: number;
};

/** The first two rules of each kind with one prefix: one of them is not the rule that is asked about. */
type Namesakes = {
  readonly there: readonly DeclaredRule[];
  readonly certain: readonly DeclaredRule[];
  readonly uncertain: readonly DeclaredRule[];
};

/** What holds rules against each other. */
type Registry = {
  readonly namesakes: (prefix: string | null) => Namesakes;
  readonly byPrefix: ReadonlyMap<string | null, readonly DeclaredRule[]>;
  readonly departing: ReadonlyMap<string | null, readonly DepartingRule[]>;
  readonly counts: RegistryCounts;
};

/** A registry where rules with one prefix are created, and the first address there. */
type Place = SourceLocation & { readonly key: string; readonly address: string };

/**
 * Finds the rules that decide whether a rule can be created: all rules of its registry, in every file, and the rules
 * with its prefix that may be in its registry. The order of files and of rules in them does not matter.
 *
 * @param rules sorted by {@link byExistence}
 * @param keyOf the key of the registry of a rule
 */
export function neighboursAmong(
  rules: readonly DeclaredRule[],
  departing: readonly DepartingRule[],
  keyOf: (rule: Pick<DeclaredRule, "location" | "registryKey">) => string,
): (rule: DeclaredRule) => Neighbours {
  const leaving = Map.groupBy(departing.toSorted(byAddress), keyOf);
  const registries = new Map(
    Array.from(Map.groupBy(rules, keyOf), ([key, own]) => [key, registryOf(own, leaving.get(key) ?? [])]),
  );
  const places = placesByPrefix([...rules, ...departing.toSorted(byAddress)], keyOf);
  return (rule) => {
    const key = keyOf(rule);
    const registry = registries.get(key);
    if (registry === undefined) throw new Error(`no rule is in the registry ${key}`);
    const prefix = comparedPrefix(rule);
    const isAnother = (other: Pick<DeclaredRule, "file" | "address">) =>
      other.file !== rule.file || other.address !== rule.address;
    const { there, certain, uncertain } = registry.namesakes(prefix);
    const besides = (candidates: readonly DeclaredRule[]) => candidates.find((other) => other !== rule);
    const gone = (prefix === null ? [] : (registry.departing.get(prefix) ?? [])).filter(isAnother);
    const thereBefore = besides(there) ?? gone.find(({ fate }) => fate === "kept");
    const twin = thereBefore ?? besides(certain);
    return {
      twin: twin === undefined ? null : { address: twin.address, isThereBefore: twin === thereBefore },
      leavingTwin: gone.find(({ fate }) => fate === "deleted")?.address ?? null,
      uncertainTwin: besides(uncertain)?.address ?? null,
      unknownPrefix: unknownPrefixBeside(rule, registry),
      perhapsInSameRegistry: prefix === null ? null : (places(prefix, rule.location, key) ?? null),
      counts: registry.counts,
    };
  };
}

function knownPrefix(prefix: DepartingRule["prefix"]): string | null {
  return prefix.state === "set" ? withoutSlash(prefix.value) : null;
}

/** The prefix of a rule in the form in which ECR compares it; `null` if it is unknown. */
function comparedPrefix(rule: DeclaredRule): string | null {
  const prefix = prefixOf(rule);
  return prefix === null ? null : withoutSlash(prefix);
}

/** Rules that exist come first. The order of the code does not matter. */
export function byExistence(a: DeclaredRule, b: DeclaredRule): number {
  return Number(isThere(b)) - Number(isThere(a)) || byAddress(a, b);
}

function byAddress(
  a: Pick<DeclaredRule, "file" | "address">,
  b: Pick<DeclaredRule, "file" | "address">,
): number {
  return compareValues(a.address, b.address) || compareValues(a.file, b.file);
}

function isThere({ call, isCertain }: DeclaredRule): boolean {
  return call !== "create" && isCertain;
}

function registryOf(rules: readonly DeclaredRule[], departing: readonly DepartingRule[]): Registry {
  const byPrefix = Map.groupBy(rules, comparedPrefix);
  const leaving = Map.groupBy(departing, ({ prefix }) => knownPrefix(prefix));
  const namesakes = memoize(new Map<string, Namesakes>(), (prefix) =>
    namesakesAmong(byPrefix.get(prefix) ?? []),
  );
  return {
    byPrefix,
    departing: leaving,
    counts: countsOf(byPrefix, departing),
    namesakes: (prefix) => (prefix === null ? namesakesAmong([]) : namesakes(prefix)),
  };
}

function namesakesAmong(rules: readonly DeclaredRule[]): Namesakes {
  return {
    there: rules.filter(isThere).slice(0, 2),
    certain: rules.filter(({ isCertain }) => isCertain).slice(0, 2),
    uncertain: rules.filter(({ isCertain }) => !isCertain).slice(0, 2),
  };
}

function countsOf(
  byPrefix: ReadonlyMap<string | null, readonly DeclaredRule[]>,
  departing: readonly DepartingRule[],
): RegistryCounts {
  let there = 0;
  let created = 0;
  let uncertain = 0;
  for (const [prefix, rules] of byPrefix) {
    // Rules whose prefixes are not known may have the prefix of another.
    if (prefix === null) uncertain += rules.length;
    else if (rules.some(isThere)) there += 1;
    else if (rules.some(({ isCertain }) => isCertain)) created += 1;
    else uncertain += 1;
  }
  const others = departing.filter(({ prefix }) => prefix.state !== "set" || !byPrefix.has(prefix.value));
  const kept = others.filter(({ fate }) => fate === "kept").length;
  return { there: there + kept, created, uncertain: uncertain + others.length - kept };
}

function unknownPrefixBeside(rule: DeclaredRule, { byPrefix, departing }: Registry): string | null {
  const [first, second] = byPrefix.get(null) ?? [];
  const other = first === rule ? second : first;
  return other?.address ?? departing.get(null)?.find(({ fate }) => fate === "kept")?.address ?? null;
}

type PlaceFinder = (prefix: string, location: SourceLocation, key: string) => string | undefined;

/** Finds a rule with a prefix whose registry has another key but may be the same. */
function placesByPrefix(
  rules: readonly (DeclaredRule | DepartingRule)[],
  keyOf: (rule: DeclaredRule | DepartingRule) => string,
): PlaceFinder {
  const all = new Map<string, Map<string, Place>>();
  for (const rule of rules) {
    const prefix = "prefix" in rule ? knownPrefix(rule.prefix) : comparedPrefix(rule);
    if (prefix === null) continue;
    const places = all.get(prefix) ?? new Map<string, Place>();
    all.set(prefix, places);
    const key = keyOf(rule);
    if (!places.has(key)) places.set(key, { ...rule.location, key, address: rule.address });
  }
  const open = new Map(
    Array.from(all, ([prefix, places]) => [prefix, Array.from(places.values()).filter(isOpen)]),
  );
  return (prefix, location, key) => {
    // Two registries that are both known are different. Only an open one can be the same as another.
    const candidates = isOpen(location) ? (all.get(prefix)?.values() ?? []) : (open.get(prefix) ?? []);
    for (const place of candidates) if (place.key !== key && mayBeSame(place, location)) return place.address;
    return undefined;
  };
}

function isOpen({ account, region }: SourceLocation): boolean {
  return account === null || region === null;
}
