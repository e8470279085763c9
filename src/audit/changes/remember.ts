import type { ObservedChange } from "../../schemas/change.ts";

/** CloudTrail keeps events for as long (AWS CloudTrail user guide, "Viewing recent management events", November 2026). */
const rememberedDays = 90;
/** The most changes that the state keeps: the latest ones. Each takes about 500 bytes. */
const mostChanges = 1_000;
const dayMs = 86_400_000;

/**
 * The last known change of each thing, latest first. Changes of secrets are left out, because nothing judges them later.
 * In whatever order, and however often, changes become known, the result is the same. Pure.
 */
export function rememberChanges(
  earlier: readonly ObservedChange[],
  more: readonly ObservedChange[],
  now: Date,
): readonly ObservedChange[] {
  const since = now.getTime() - rememberedDays * dayMs;
  const last = new Map<string, ObservedChange>();
  for (const change of [...earlier, ...more].toSorted(latestFirst)) {
    if (change.thing === "secret" || timeOf(change) < since) continue;
    const key = JSON.stringify([change.account, change.region, change.thing, change.name]);
    if (!last.has(key)) last.set(key, change);
  }
  return [...last.values()].slice(0, mostChanges);
}

/** The latest change comes first; changes by nobody known come last. */
export function latestFirst(one: ObservedChange, other: ObservedChange): number {
  const [a, b] = [timeOf(one), timeOf(other)];
  if (a !== b) return a > b ? -1 : 1;
  const [id, otherId] = [one.by?.eventId ?? "", other.by?.eventId ?? ""];
  if (id === otherId) return 0;
  return id < otherId ? -1 : 1;
}

function timeOf({ by }: ObservedChange): number {
  return by === null ? Number.NEGATIVE_INFINITY : Date.parse(by.at);
}
