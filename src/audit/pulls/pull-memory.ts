import * as z from "zod";
import { compareValues } from "../../core/order.ts";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";
import { type FailedPulls, type HeardPulls, heardPullsSchema } from "../../facts/pulls.ts";
import type { PullEvent, PullFailure } from "./pull-event.ts";

const hourMs = 3_600_000;
const count = z.int().min(1);
const digestLength = 8;

/** How long a pull is remembered, in hours: the longest window that a policy can set. */
export const rememberedHours = 168;
/** The most rules of one registry: twice the quota (Amazon ECR user guide, "Service quotas", November 2026). */
const mostRules = 100;
/** The most failure codes of one rule. All others are counted together. */
const mostCodes = 12;
/** The most events of a registry that are recognized when they are delivered again. Each takes eight bytes. */
const mostEvents = 131_072;
/** How far the clocks of AWS and of the auditor may differ. */
const clockSkewMs = 900_000;

/** The codes that the SDK knows and that are about pulls. They are kept before others. */
const knownCodes: ReadonlySet<string> = new Set([
  "ImageNotFound",
  "KmsError",
  "UpstreamAccessDenied",
  "UpstreamTooManyRequests",
  "UpstreamUnavailable",
]);

/** The schema of {@link PullMemory}. */
export const pullMemorySchema = z.strictObject({
  schemaVersion: z.literal(1),
  account: accountIdSchema,
  region: regionSchema,
  rules: z.array(heardPullsSchema).readonly(),
  due: z
    .array(z.tuple([z.string(), count]).readonly())
    .readonly()
    .describe("The rules to audit because of what was heard, each with how often it became due."),
  events: z
    .array(z.tuple([z.int().min(0), z.string()]).readonly())
    .readonly()
    .describe("The digests of the recorded events by hour, without separators and sorted."),
});

/** What is remembered of the pulls of one registry. */
export type PullMemory = Readonly<z.infer<typeof pullMemorySchema>>;

/** The memory of a registry of which nothing was heard. */
export function emptyMemory({ account, region }: Pick<PullMemory, "account" | "region">): PullMemory {
  return { schemaVersion: 1, account, region, rules: [], due: [], events: [] };
}

/** Why an event is not recorded; `null` if it is. */
export function refusalOf({ at }: PullEvent, now: Date): string | null {
  if (at > now.getTime() + clockSkewMs) return "its time is in the future";
  if (hourOf(at) < oldestHour(now)) return `it is older than ${rememberedHours} hours`;
  return null;
}

/**
 * Records events of the registry. In whatever order, in whatever batches and however often they arrive, the result is
 * the same, as long as an event that is delivered again is among the last {@link mostEvents}. What is too old is
 * forgotten. Pure.
 */
export function withEvents(memory: PullMemory, events: readonly PullEvent[], now: Date): PullMemory {
  const oldest = oldestHour(now);
  const seen = openSeen(memory.events);
  const rules = new Map(memory.rules.map((rule) => [rule.prefix, openRule(rule)]));
  for (const event of events) {
    if (refusalOf(event, now) !== null || !seen.add(event)) continue;
    const rule =
      rules.get(event.prefix) ?? openRule({ prefix: event.prefix, lastSuccessAt: null, failures: [] });
    rules.set(event.prefix, rule);
    rule.add(event);
  }
  return {
    ...memory,
    rules: [...rules.values()]
      .flatMap((rule) => rule.close(oldest) ?? [])
      .toSorted((a, b) => compareValues(a.prefix, b.prefix))
      .slice(0, mostRules),
    events: seen.close(oldest),
  };
}

function hourOf(at: number): number {
  return Math.floor(at / hourMs);
}

function oldestHour(now: Date): number {
  return hourOf(now.getTime()) - rememberedHours;
}

/** The events that were recorded. Only the hours of new events are unpacked. */
function openSeen(events: PullMemory["events"]) {
  const packed = new Map(events);
  const unpacked = new Map<number, Set<string>>();
  return {
    /** Returns whether the event is new. */
    add: ({ id, at }: PullEvent): boolean => {
      const hour = hourOf(at);
      const ids = unpacked.get(hour) ?? unpack(packed.get(hour) ?? "");
      unpacked.set(hour, ids);
      if (ids.has(id)) return false;
      ids.add(id);
      return true;
    },
    close: (oldest: number): PullMemory["events"] => {
      for (const [hour, ids] of unpacked) packed.set(hour, [...ids].sort(compareValues).join(""));
      const kept: (readonly [number, string])[] = [];
      let room = mostEvents * digestLength;
      for (const [hour, ids] of [...packed].toSorted(([a], [b]) => b - a)) {
        if (hour < oldest || room === 0) break;
        const fitting = ids.slice(Math.max(0, ids.length - room));
        room -= fitting.length;
        kept.push([hour, fitting]);
      }
      return kept.reverse();
    },
  };
}

function unpack(ids: string): Set<string> {
  const all = new Set<string>();
  for (let at = 0; at < ids.length; at += digestLength) all.add(ids.slice(at, at + digestLength));
  return all;
}

/** The pulls through one rule, in maps. */
function openRule({ prefix, lastSuccessAt, failures }: HeardPulls) {
  let succeededAt = lastSuccessAt;
  const byCode = new Map(failures.map((failure) => [failure.code, openCode(failure)]));
  return {
    add: ({ failure, at, id }: PullEvent): void => {
      const moment = new Date(at).toISOString();
      if (failure === null) {
        if (succeededAt === null || succeededAt < moment) succeededAt = moment;
        return;
      }
      const one = byCode.get(failure.code);
      if (one !== undefined) one.add(failed(failure, moment, id));
      else byCode.set(failure.code, openCode(failed(failure, moment, id)));
      const named = byCode.size - (byCode.has(null) ? 1 : 0);
      if (named > mostCodes) mergeLast(byCode);
    },
    close: (oldest: number): HeardPulls | null => {
      const kept = [...byCode.entries()]
        .toSorted(([a], [b]) => compareCodes(a, b))
        .flatMap(([, failure]) => failure.close(oldest) ?? []);
      const success = succeededAt !== null && hourOf(Date.parse(succeededAt)) < oldest ? null : succeededAt;
      if (kept.length === 0 && success === null) return null;
      return { prefix, lastSuccessAt: success, failures: kept };
    },
  };
}

type OpenedCode = ReturnType<typeof openCode>;

/** Adds the failures of the last code to those that are counted together. */
function mergeLast(byCode: Map<string | null, OpenedCode>): void {
  const last = [...byCode.keys()]
    .filter((code) => code !== null)
    .toSorted(compareCodes)
    .at(-1);
  const merged = last === undefined ? undefined : byCode.get(last);
  if (last === undefined || merged === undefined) return;
  byCode.delete(last);
  const failures = { ...merged.content(), code: null };
  const others = byCode.get(null);
  if (others === undefined) byCode.set(null, openCode(failures));
  else others.add(failures);
}

/** Known codes come first, and what is counted together last. */
function compareCodes(a: string | null, b: string | null): number {
  return rankOf(a) - rankOf(b) || compareValues(a ?? "", b ?? "");
}

function rankOf(code: string | null): number {
  if (code === null) return 2;
  return knownCodes.has(code) ? 0 : 1;
}

function failed(failure: PullFailure, moment: string, lastEvent: string): FailedPulls {
  const hours = [[hourOf(Date.parse(moment)), 1]] as const;
  return { ...failure, firstAt: moment, lastAt: moment, lastEvent, hours };
}

/** The failures of one code, with the hours in a map. */
function openCode(first: FailedPulls) {
  let all = first;
  const hours = new Map(first.hours);
  const content = (): FailedPulls => ({ ...all, hours: [...hours].toSorted(([a], [b]) => a - b) });
  return {
    content,
    add: (more: FailedPulls): void => {
      for (const [hour, failures] of more.hours) hours.set(hour, (hours.get(hour) ?? 0) + failures);
      const { code, firstAt } = all;
      all = { ...later(all, more), code, firstAt: firstAt < more.firstAt ? firstAt : more.firstAt };
    },
    close: (oldest: number): FailedPulls | null => {
      const failures = content();
      const remembered = failures.hours.filter(([hour]) => hour >= oldest);
      return remembered.length === 0 ? null : { ...failures, hours: remembered };
    },
  };
}

/** The ID decides between events of one time, so that their order does not matter. */
function later(a: FailedPulls, b: FailedPulls): FailedPulls {
  if (a.lastAt !== b.lastAt) return a.lastAt > b.lastAt ? a : b;
  return a.lastEvent > b.lastEvent ? a : b;
}
