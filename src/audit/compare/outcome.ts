import { alertId } from "../../core/ids.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { KnownFinding } from "../../schemas/state.ts";
import { changeFingerprintOf } from "./change-fingerprint.ts";

/** When things are told again. */
export type Reminding = {
  readonly now: Date;
  /** Days after which a finding that still fails is told again; `null` for never. */
  readonly remindAfterDays: number | null;
};

/** What becomes of one finding: what the report shows of it, and what is remembered. */
export type Outcome = { readonly shown: Finding | null; readonly known: KnownFinding | null };

/** Days within which a finding that comes and goes is told once, where the policy asks for no reminders. */
const usualFlappingDays = 7;
const dayMs = 86_400_000;

/** Of a finding of which nobody is told. */
export const nothingToAnnounce = { transition: "unchanged", eventId: null, stale: false } as const;

/** A finding of which somebody is told. */
export function announce(
  finding: Finding,
  transition: "opened" | "changed" | "reminded",
  before: KnownFinding | undefined,
  { now }: Reminding,
): Outcome {
  const eventId = alertId([finding.id, transition, before?.toldAt ?? null, changeFingerprintOf(finding)]);
  const shown = { ...finding, transition, eventId };
  // A reminder may be of what is remembered, and not seen now: its digest is all that is known of the facts.
  const digest =
    transition === "reminded" && before?.essence !== undefined ? { essence: before.essence } : {};
  return { shown, known: { finding: shown, open: true, toldAt: now.toISOString(), quiet: false, ...digest } };
}

/** A finding that fails still: told again when that is due. */
export function stillOpen(finding: Finding, before: KnownFinding, reminding: Reminding): Outcome {
  const { remindAfterDays, now } = reminding;
  const isDue = remindAfterDays !== null && !isWithin(before.toldAt, remindAfterDays, now);
  if (isDue) return announce(finding, "reminded", before, reminding);
  return { shown: finding, known: { ...before, finding } };
}

/** It went and came back within the period in which it is told once. */
export function keepQuiet(finding: Finding, before: KnownFinding): Outcome {
  return { shown: finding, known: { finding, open: true, toldAt: before.toldAt, quiet: true } };
}

/**
 * The end of a finding. What came back unheard goes unheard: it has no transition, and is shown for those that
 * keep a record of their own, such as Security Hub.
 */
export function close(finding: Finding, before: KnownFinding, { now }: Reminding): Outcome {
  const { toldAt, quiet } = before;
  const eventId = quiet ? null : alertId([finding.id, "resolved", toldAt]);
  const shown: Finding = { ...finding, transition: quiet ? null : "resolved", eventId, stale: false };
  const known = { finding: shown, open: false, toldAt: quiet ? toldAt : now.toISOString(), quiet: false };
  return { shown, known };
}

/** What is remembered of a finding that is over, for as long as it may come back unheard. */
export function whileRecent(before: KnownFinding, reminding: Reminding): KnownFinding | null {
  return isRecent(before, reminding) ? before : null;
}

/** Whether a finding was told within the period in which it is told once. */
export function isRecent({ toldAt }: KnownFinding, { now, remindAfterDays }: Reminding): boolean {
  return isWithin(toldAt, remindAfterDays ?? usualFlappingDays, now);
}

/** Audits that run beside each other begin before each other's end: so far, what is to come is taken for now. */
const usualSkewMs = 3_600_000;

/**
 * What was told at a time that is yet to come was told by a machine whose clock ran ahead: nobody knows when. It counts
 * as long ago, for an alert too many is better than none for as long as that clock was wrong.
 */
function isWithin(since: string, days: number, now: Date): boolean {
  const elapsed = now.getTime() - Date.parse(since);
  return elapsed > -usualSkewMs && elapsed < days * dayMs;
}
