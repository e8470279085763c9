import { forEachConcurrently } from "../../core/concurrency.ts";
import { isSamePrefix } from "../../ecr/prefix.ts";
import { type Registry, registryKey, registryOfKey } from "../../ecr/registry.ts";
import type { ObservedChange } from "../../schemas/change.ts";
import type { Drift, LookupFailure } from "../../schemas/report.ts";
import type { AuditState } from "../../schemas/state.ts";
import { hasChanged } from "../compare/change-fingerprint.ts";
import { lastOfWholeScope } from "../compare/compare.ts";
import { compareRules } from "../compare/drift.ts";
import type { AuditScope } from "../compare/scope.ts";
import type { EvaluatedFinding } from "../evaluate/collect-findings.ts";
import { type AuditRequest, isWholeScope } from "../plan/request.ts";
import type { Clock, Sources, TrailReader } from "../ports.ts";
import { checksAbout, concerns } from "./attribute.ts";
import { type ChangingCallName, callsOn, changesIn } from "./call-record.ts";

/** CloudTrail keeps events for as long (AWS CloudTrail user guide, "Viewing recent management events", November 2026). */
const rememberedMs = 90 * 86_400_000;
/** The most pages for one call's name in one registry, of 50 calls each, latest first. */
const mostPages = 5;
/** The most time for all lookups of an audit, in milliseconds. What it leaves out is not known. */
const mostMs = 120_000;
const mostRegistriesAtOnce = 50;
/** A rule's update and CloudTrail's record of it are this close in time. */
const sameTimeMs = 300_000;

/** The part of an evaluation that shows what changed. */
export type Changed = {
  readonly findings: readonly EvaluatedFinding[];
  readonly auditScope: AuditScope;
  /** When each registry was read, by account/region. */
  readonly readAt: ReadonlyMap<string, string>;
};

/** What CloudTrail told. */
export type LookedUp = {
  readonly changes: readonly ObservedChange[];
  /** Where it could not be asked. */
  readonly failures: readonly LookupFailure[];
};

/** Nothing was looked up. */
export const nothingLookedUp: LookedUp = { changes: [], failures: [] };

/** What asking needs from outside. */
export type Asking = {
  readonly sources: Pick<Sources, "openTrail">;
  readonly clock: Pick<Clock, "now">;
  /** Whether there is time to ask about another registry. */
  readonly hasTime: () => boolean;
};

/**
 * Asks CloudTrail who made the changes that an audit of the whole scope found: the drift of rules, and what else opened a
 * finding. Asks nothing if there is none. Does not throw: whatever is not found stays unknown.
 */
export async function lookUpChanges(
  request: AuditRequest,
  changed: Changed,
  earlier: AuditState | null,
  { sources, clock, hasTime }: Asking,
): Promise<LookedUp> {
  const isAsked = request.trigger === "schedule" || isWholeScope(request);
  if (!isAsked || earlier === null) return nothingLookedUp;
  const until = clock.now().getTime() + mostMs;
  const changes: ObservedChange[] = [];
  const failures: LookupFailure[] = [];
  const puzzles = puzzlesOf(changed, earlier, clock.now());
  await forEachConcurrently(puzzles.values(), mostRegistriesAtOnce, async (puzzle) => {
    if (!hasTime() || clock.now().getTime() > until) return;
    const told = await solve(puzzle, sources.openTrail(puzzle.registry));
    changes.push(...told.changes);
    failures.push(...told.failures);
  });
  return { changes, failures };
}

/** Something that changed in a registry, and the calls that can have changed it. */
type Change = {
  readonly calls: readonly ChangingCallName[];
  readonly isMadeBy: (call: ObservedChange) => boolean;
};

/** What changed in one registry, and when. */
type Puzzle = {
  readonly registry: Registry;
  readonly since: Date;
  readonly until: Date;
  readonly changes: readonly Change[];
};

/** What changed since the earlier audits, for each registry. Pure. */
function puzzlesOf(changed: Changed, earlier: AuditState, now: Date): readonly Puzzle[] {
  const { auditScope, readAt } = changed;
  const byRegistry = new Map<string, Change[]>();
  const note = (place: Registry, change: Change): void => {
    const key = registryKey(place);
    const changes = byRegistry.get(key) ?? [];
    byRegistry.set(key, [...changes, change]);
  };
  const { drift } = compareRules(auditScope, earlier.registries, { now, seenBefore: null });
  for (const one of drift) note(one, ofRule(one));
  const drifted = new Set(drift.map(ruleKey));
  for (const finding of changed.findings) {
    // Whatever changed a rule explains what its findings say.
    if (finding.status !== "FAIL" || !isNews(finding, earlier) || drifted.has(ruleKey(finding))) continue;
    const calls = callsOn((thing) => checksAbout[thing]?.includes(finding.check) === true);
    if (calls.length > 0) note(finding, { calls, isMadeBy: (call) => concerns(call, finding, auditScope) });
  }
  return [...byRegistry].flatMap(([key, changes]) => {
    const until = readAt.get(key);
    const since = lastSeen(key, earlier);
    if (until === undefined || since === null) return [];
    const from = Math.max(Date.parse(since), now.getTime() - rememberedMs);
    return [{ registry: registryOfKey(key), since: wholeSecond(from), until: new Date(until), changes }];
  });
}

function ruleKey({
  account,
  region,
  prefix,
}: Pick<Drift | EvaluatedFinding, "account" | "region" | "prefix">) {
  return JSON.stringify([account, region, prefix]);
}

const callsOnRule = {
  added: ["CreatePullThroughCacheRule", "UpdatePullThroughCacheRule"],
  modified: ["UpdatePullThroughCacheRule", "CreatePullThroughCacheRule"],
  removed: ["DeletePullThroughCacheRule"],
} as const satisfies Record<Drift["change"], readonly ChangingCallName[]>;

function ofRule({ prefix, change, after }: Drift): Change {
  const updatedAt = Date.parse(after?.updatedAt ?? "");
  return {
    calls: callsOnRule[change],
    isMadeBy: ({ thing, name, by }) =>
      thing === "rule" &&
      name !== null &&
      isSamePrefix(name, prefix) &&
      // An earlier change was not the last.
      !(Date.parse(by?.at ?? "") < updatedAt - sameTimeMs),
  };
}

function isNews(finding: EvaluatedFinding, { findings }: AuditState): boolean {
  const known = findings[finding.id];
  return known === undefined || !known.open || hasChanged(finding, known);
}

/** When the last audit that saw a registry started; `null` if none did. */
function lastSeen(key: string, earlier: AuditState): string | null {
  const known = earlier.registries[key];
  if (known === undefined) return null;
  return known.seenAt ?? lastOfWholeScope(earlier) ?? known.changedAt;
}

/** Looks up what changed in a registry. */
async function solve({ registry, since, until, changes }: Puzzle, ask: TrailReader): Promise<LookedUp> {
  const found: ObservedChange[] = [];
  for (const eventName of new Set(changes.flatMap(({ calls }) => calls))) {
    const open = new Set(changes.filter(({ calls }) => calls.includes(eventName)));
    let token: string | null = null;
    for (let pages = 0; pages < mostPages && open.size > 0; pages += 1) {
      const page = await ask({ eventName, since, until, token });
      if (page.state !== "present") {
        const failure = page.state === "unreadable" ? [{ ...registry, ...withoutState(page) }] : [];
        return { changes: found, failures: failure };
      }
      for (const call of page.value.records.flatMap((record) => changesIn(registry, record))) {
        if (call.action !== eventName || !isWithin(call, since, until)) continue;
        const made = [...open].filter(({ isMadeBy }) => isMadeBy(call));
        if (made.length === 0) continue;
        found.push(call);
        // The latest call comes first.
        for (const change of made) open.delete(change);
      }
      token = page.value.next;
      if (token === null) break;
    }
  }
  return { changes: found, failures: [] };
}

function withoutState({ reason, operation, detail }: Omit<LookupFailure, keyof Registry>) {
  return { reason, operation, detail };
}

/** CloudTrail's times have no fractions of a second. */
function wholeSecond(at: number): Date {
  return new Date(Math.floor(at / 1_000) * 1_000);
}

function isWithin({ by }: ObservedChange, since: Date, until: Date): boolean {
  if (by === null) return false;
  const at = Date.parse(by.at);
  return at >= since.getTime() && at <= until.getTime();
}
