import { daysBetween } from "../../core/days.ts";
import { alertId } from "../../core/ids.ts";
import { type Finding, type Severity, severityRank } from "../../schemas/finding.ts";
import type { KnownFinding } from "../../schemas/state.ts";
import { changeFingerprintOf } from "./change-fingerprint.ts";

/** When findings are reported again. */
export type Reminding = {
  readonly now: Date;
  /** Days after which a finding that still fails is reported again; `null` for never. */
  readonly remindAfterDays: number | null;
  /** Findings of this severity or a worse one are reported once they have been open for these days; `null` for none. */
  readonly escalate: { readonly afterDays: number; readonly minimumSeverity: Severity } | null;
};

/** The outcome for one finding: what the report shows, and what the state keeps. */
export type Outcome = { readonly shown: Finding | null; readonly known: KnownFinding | null };

/** Days within which the returns of a finding count as flapping, if the policy sets no reminders. */
const usualFlappingDays = 7;
/** A finding that returned this often within that time flaps. */
const returnsOfFlapping = 2;
/** The resolution of a flapping finding is reported once it has held for this long. */
const holdDays = 1;
/** Days for which a resolved finding is remembered. Consumers are told to remember alerts for four weeks. */
const rememberedDays = 35;
const dayMs = 86_400_000;

/** For a finding without an alert. */
export const nothingToAnnounce = {
  transition: "unchanged",
  eventId: null,
  flapping: null,
  stale: false,
} as const;

/** A finding with an alert. */
export function announce(
  finding: Finding,
  transition: "opened" | "changed" | "reminded",
  before: KnownFinding | undefined,
  { now }: Reminding,
): Outcome {
  const eventId = alertId([finding.id, transition, before?.toldAt ?? null, changeFingerprintOf(finding)]);
  const shown = { ...finding, transition, eventId };
  // A reminder may be about a known finding that was not seen now. Then only the digest of its facts is known.
  const digest =
    transition === "reminded" && before?.essence !== undefined ? { essence: before.essence } : {};
  const told = { open: true, toldAt: now.toISOString(), quiet: false } as const;
  return { shown, known: { finding: shown, ...told, ...returnsOf(before), ...digest } };
}

/** A finding that still fails: reported again when a reminder is due. */
export function stillOpen(finding: Finding, before: KnownFinding, reminding: Reminding): Outcome {
  const { remindAfterDays, now } = reminding;
  const isDue =
    remindAfterDays !== null &&
    (daysBetween(before.toldAt, now) >= remindAfterDays || !isWithin(before.toldAt, remindAfterDays, now));
  if (isDue || isEscalationDue(finding, before, reminding))
    return announce(finding, "reminded", before, reminding);
  return { shown: finding, known: { ...before, finding } };
}

/**
 * The known finding, which no longer failed and now fails again, with this return. Returns that are no longer recent
 * are left out.
 */
export function returned(before: KnownFinding, reminding: Reminding): KnownFinding {
  const { passesSince: _over, ...rest } = before;
  return { ...rest, returns: [...recentReturns(before, reminding), reminding.now.toISOString()] };
}

/**
 * A known finding that no longer fails. Its resolution is reported at once, or, if it flaps, after it has held: until
 * then the finding has no transition, and is shown for integrations with their own records, such as Security Hub.
 */
export function close(finding: Finding, before: KnownFinding, reminding: Reminding): Outcome {
  if (before.quiet) return closeQuietly(finding, before);
  const { passesSince = reminding.now.toISOString() } = before;
  const flaps = before.passesSince !== undefined || isFlapping(before, reminding);
  // A waiver is a decision, which does not come and go.
  const isHeldBack = flaps && finding.status !== "WAIVED" && isWithin(passesSince, holdDays, reminding.now);
  if (!isHeldBack) return resolve(finding, before, flaps, reminding);
  const shown: Finding = { ...finding, ...nothingToAnnounce, transition: null };
  // What was reported stays known, to recognize a change when it returns.
  return { shown, known: { ...before, open: false, passesSince } };
}

function resolve(finding: Finding, before: KnownFinding, flaps: boolean, { now }: Reminding): Outcome {
  const eventId = alertId([finding.id, "resolved", before.toldAt]);
  const flapping = flaps && finding.status !== "WAIVED" ? (before.returns?.length ?? null) : null;
  const shown: Finding = { ...finding, transition: "resolved", eventId, flapping, stale: false };
  const told = { open: false, toldAt: now.toISOString(), quiet: false } as const;
  return { shown, known: { finding: shown, ...told, ...returnsOf(before) } };
}

/** Resolves a finding whose last alert was its resolution: an older version sent none when it reopened. */
function closeQuietly(finding: Finding, { toldAt }: KnownFinding): Outcome {
  const shown: Finding = { ...finding, ...nothingToAnnounce, transition: null };
  return { shown, known: { finding: shown, open: false, toldAt, quiet: false } };
}

/** Whether a finding has been open for the days of escalation, and was not reported since. */
function isEscalationDue(
  { severity, firstSeenAt }: Finding,
  { toldAt }: KnownFinding,
  { escalate, now }: Reminding,
): boolean {
  if (escalate === null || severityRank(severity) > severityRank(escalate.minimumSeverity)) return false;
  // The days must count as those by which the finding is routed.
  const wasOpenFor = daysBetween(firstSeenAt, new Date(toldAt));
  return daysBetween(firstSeenAt, now) >= escalate.afterDays && wasOpenFor < escalate.afterDays;
}

/** Whether a finding came back so often in the time before now that its next resolution may not hold. */
function isFlapping(known: KnownFinding, reminding: Reminding): boolean {
  return recentReturns(known, reminding).length >= returnsOfFlapping;
}

function recentReturns(
  { returns = [] }: KnownFinding,
  { now, remindAfterDays }: Reminding,
): readonly string[] {
  return returns.filter((at) => isWithin(at, remindAfterDays ?? usualFlappingDays, now));
}

function returnsOf(known: KnownFinding | undefined): Pick<KnownFinding, "returns"> {
  return known?.returns === undefined ? {} : { returns: known.returns };
}

/**
 * A resolved finding stays in the state for as long as its return may count as flapping, and for as long as consumers
 * remember the ids of its alerts: a forgotten finding opens under the id that it first opened under.
 */
export function whileRemembered(before: KnownFinding, reminding: Reminding): KnownFinding | null {
  const isRemembered = isRecent(before, reminding) || isWithin(before.toldAt, rememberedDays, reminding.now);
  return isRemembered ? before : null;
}

/** Whether the last alert of a finding is within the period in which its return counts as flapping. */
export function isRecent({ toldAt }: KnownFinding, { now, remindAfterDays }: Reminding): boolean {
  return isWithin(toldAt, remindAfterDays ?? usualFlappingDays, now);
}

/** Concurrent audits start before each other's end: times up to this far in the future count as now. */
const usualSkewMs = 3_600_000;

/**
 * An alert with a time in the future was sent by a host whose clock ran ahead; its real time is unknown. It counts as
 * long ago: an extra alert is better than none until that time has passed.
 */
function isWithin(since: string, days: number, now: Date): boolean {
  const elapsed = now.getTime() - Date.parse(since);
  return elapsed > -usualSkewMs && elapsed < days * dayMs;
}
