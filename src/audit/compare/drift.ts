import { alertId } from "../../core/ids.ts";
import { compareValues } from "../../core/order.ts";
import { registryOfKey } from "../../ecr/registry.ts";
import { type PullThroughCacheRule, ruleKeys } from "../../ecr/rule.ts";
import type { Drift } from "../../schemas/report.ts";
import type { KnownRegistry } from "../../schemas/state.ts";
import { type AuditScope, mayBePlanned } from "./scope.ts";

/** By account/region. */
export type KnownRegistries = Readonly<Record<string, KnownRegistry>>;

/** The rules that changed, and the rules for the next state. */
export type ComparedRules = { readonly drift: readonly Drift[]; readonly registries: KnownRegistries };

/** When rules are compared. */
type Times = {
  readonly now: Date;
  /** When the last audit of the whole scope started; `null` if it is not known. */
  readonly seenBefore: string | null;
};

/**
 * Compares the rules of each registry with the rules last seen. A new registry has no drift. A registry that could not
 * be read keeps its known rules. A registry that left the scope is removed. Pure.
 */
export function compareRules(
  auditScope: AuditScope,
  earlier: KnownRegistries,
  { now, seenBefore }: Times,
): ComparedRules {
  const drift: Drift[] = [];
  const registries: Record<string, KnownRegistry> = auditScope.wholeScope
    ? stillPlanned(earlier, auditScope)
    : { ...earlier };
  for (const [key, rules] of auditScope.registries) {
    const before = earlier[key];
    if (rules === null) {
      const seenAt = before?.seenAt ?? seenBefore;
      if (before !== undefined && seenAt !== null) registries[key] = { ...before, seenAt };
      continue;
    }
    if (before === undefined) {
      // If only a part of the rules were stored, a later audit would report all others as added.
      if (auditScope.inScope(null)) registries[key] = { changedAt: now.toISOString(), rules };
      continue;
    }
    if (isSameList(before.rules, rules)) {
      registries[key] = withoutSeenAt(before, auditScope);
      continue;
    }
    const inScope = ({ ecrRepositoryPrefix }: PullThroughCacheRule) =>
      auditScope.inScope(ecrRepositoryPrefix);
    const changes = driftOf(key, before, rules.filter(inScope), before.rules.filter(inScope));
    drift.push(...changes);
    const untouched = before.rules.filter((rule) => !inScope(rule));
    registries[key] =
      changes.length === 0
        ? withoutSeenAt(before, auditScope)
        : { changedAt: now.toISOString(), rules: [...untouched, ...rules.filter(inScope)] };
  }
  return { drift: drift.sort(byLocation), registries };
}

/** A registry that was read as a whole was seen by this audit. */
function withoutSeenAt(known: KnownRegistry, { inScope }: AuditScope): KnownRegistry {
  if (known.seenAt === undefined || !inScope(null)) return known;
  const { seenAt: _, ...seen } = known;
  return seen;
}

/** The known registries that may still be planned, including those of accounts whose regions could not be listed. */
function stillPlanned(earlier: KnownRegistries, auditScope: AuditScope): Record<string, KnownRegistry> {
  return Object.fromEntries(Object.entries(earlier).filter(([key]) => mayBePlanned(auditScope, key)));
}

/** Whether two lists have the same rules in the same order, as those of most registries. */
function isSameList(before: readonly PullThroughCacheRule[], now: readonly PullThroughCacheRule[]): boolean {
  return before.length === now.length && before.every((rule, index) => isSameRule(rule, now[index]));
}

function isSameRule(
  before: PullThroughCacheRule | undefined,
  now: PullThroughCacheRule | undefined,
): boolean {
  if (before === undefined || now === undefined) return before === now;
  return ruleKeys.every((key) => before[key] === now[key]);
}

function driftOf(
  key: string,
  { changedAt }: KnownRegistry,
  now: readonly PullThroughCacheRule[],
  before: readonly PullThroughCacheRule[],
): Drift[] {
  const { account, region } = registryOfKey(key);
  const current = byPrefix(now);
  const known = byPrefix(before);
  const prefixes = new Set([...known.keys(), ...current.keys()]);
  return [...prefixes].flatMap((prefix) => {
    if (isSameRule(known.get(prefix), current.get(prefix))) return [];
    const change = { before: known.get(prefix) ?? null, after: current.get(prefix) ?? null };
    const eventId = alertId(["drift", account, region, prefix, change, changedAt]);
    return [{ account, region, prefix, change: changeOf(change), ...change, eventId, changedBy: null }];
  });
}

function changeOf({ before, after }: Pick<Drift, "before" | "after">): Drift["change"] {
  if (before === null) return "added";
  return after === null ? "removed" : "modified";
}

function byPrefix(rules: readonly PullThroughCacheRule[]): ReadonlyMap<string, PullThroughCacheRule> {
  return new Map(rules.map((rule) => [rule.ecrRepositoryPrefix, rule]));
}

function byLocation(a: Drift, b: Drift): number {
  return (
    compareValues(a.account, b.account) ||
    compareValues(a.region, b.region) ||
    compareValues(a.prefix, b.prefix)
  );
}
