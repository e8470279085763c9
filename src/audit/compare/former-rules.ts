import { registryKey } from "../../ecr/registry.ts";
import { RULE_QUOTA } from "../../ecr/rule.ts";
import type { Drift } from "../../schemas/report.ts";
import type { FormerPrefixes } from "../../schemas/state.ts";
import { type AuditScope, mayBePlanned } from "./scope.ts";

/**
 * The prefixes of rules that are gone, for the next state: those that this audit misses, and earlier ones, at most as many
 * as a registry can have rules. A prefix that has a rule again is forgotten, and so is a registry that left the scope. Pure.
 */
export function stillFormer(
  earlier: FormerPrefixes,
  drift: readonly Drift[],
  auditScope: AuditScope,
): FormerPrefixes {
  const removed = Map.groupBy(
    drift.filter(({ change }) => change === "removed"),
    registryKey,
  );
  const keys = new Set([...Object.keys(earlier), ...removed.keys()]);
  const former = [...keys].flatMap((key) => {
    if (auditScope.wholeScope && !mayBePlanned(auditScope, key)) return [];
    const current = new Set(
      auditScope.registries.get(key)?.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix),
    );
    const gone = [...(removed.get(key)?.map(({ prefix }) => prefix) ?? []), ...(earlier[key] ?? [])];
    const prefixes = [...new Set(gone)].filter((prefix) => !current.has(prefix)).slice(0, RULE_QUOTA);
    return prefixes.length === 0 ? [] : [[key, prefixes] as const];
  });
  return Object.fromEntries(former);
}
