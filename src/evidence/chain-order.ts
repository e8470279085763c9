import { compareValues } from "../core/order.ts";
import type { ReadChain } from "./verify.ts";

/**
 * The ids of the audits in the order of the chain: each after those that its report names, and the earliest of several.
 * A clock that was set back changes nothing about which audit knew of which. Pure.
 */
export function chainOrder(reports: ReadChain["reports"]): readonly string[] {
  const successors = new Map<string, string[]>();
  const awaited = new Map<string, number>();
  for (const [auditId, { names }] of reports) {
    const known = new Set(names.filter((one) => reports.has(one)));
    awaited.set(auditId, known.size);
    for (const one of known) successors.set(one, [...(successors.get(one) ?? []), auditId]);
  }
  const ordered = new Set<string>();
  // Thousands of reports may name none, and few become ready at once.
  const first = [...reports.keys()].filter((auditId) => awaited.get(auditId) === 0).toSorted(compareValues);
  const ready: string[] = [];
  for (let at = 0; at < first.length || ready.length > 0; ) {
    const [one, other] = [first[at], ready[0]];
    const isFirst = other === undefined || (one !== undefined && one < other);
    const next = isFirst ? one : ready.shift();
    if (isFirst) at += 1;
    if (next === undefined) continue;
    ordered.add(next);
    for (const successor of successors.get(next) ?? []) {
      const left = (awaited.get(successor) ?? 1) - 1;
      awaited.set(successor, left);
      if (left === 0) ready.splice(0, ready.length, ...[...ready, successor].toSorted(compareValues));
    }
  }
  // Altered reports may name each other in a circle.
  return [...ordered, ...[...reports.keys()].filter((one) => !ordered.has(one)).toSorted(compareValues)];
}
