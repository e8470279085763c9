import { alertId } from "../../core/ids.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { KnownFinding } from "../../schemas/state.ts";
import { changeFingerprintOf } from "./change-fingerprint.ts";

/** When findings are reported again. */
export type Reminding = {
  readonly now: Date;
  /** Days after which a finding that still fails is reported again; `null` for never. */
  readonly remindAfterDays: number | null;
};

/** The outcome for one finding: what the report shows, and what the state keeps. */
export type Outcome = { readonly shown: Finding | null; readonly known: KnownFinding | null };

/** Days within which a flapping finding alerts only once, if the policy sets no reminders. */
const usualFlappingDays = 7;
const dayMs = 86_400_000;

/** For a finding without an alert. */
export const nothingToAnnounce = { transition: "unchanged", eventId: null, stale: false } as const;

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
  return { shown, known: { finding: shown, open: true, toldAt: now.toISOString(), quiet: false, ...digest } };
}

/** A finding that still fails: reported again when a reminder is due. */
export function stillOpen(finding: Finding, before: KnownFinding, reminding: Reminding): Outcome {
  const { remindAfterDays, now } = reminding;
  const isDue = remindAfterDays !== null && !isWithin(before.toldAt, remindAfterDays, now);
  if (isDue) return announce(finding, "reminded", before, reminding);
  return { shown: finding, known: { ...before, finding } };
}

/** A flapping finding, which reopened within the period in which it alerts only once. */
export function keepQuiet(finding: Finding, before: KnownFinding): Outcome {
  return { shown: finding, known: { finding, open: true, toldAt: before.toldAt, quiet: true } };
}

/**
 * Resolves a finding. A finding that reopened without an alert is resolved without one: it has no transition, and is
 * shown for integrations with their own records, such as Security Hub.
 */
export function close(finding: Finding, before: KnownFinding, { now }: Reminding): Outcome {
  const { toldAt, quiet } = before;
  const eventId = quiet ? null : alertId([finding.id, "resolved", toldAt]);
  const shown: Finding = { ...finding, transition: quiet ? null : "resolved", eventId, stale: false };
  const known = { finding: shown, open: false, toldAt: quiet ? toldAt : now.toISOString(), quiet: false };
  return { shown, known };
}

/** A resolved finding stays in the state for as long as it may reopen without an alert. */
export function whileRecent(before: KnownFinding, reminding: Reminding): KnownFinding | null {
  return isRecent(before, reminding) ? before : null;
}

/** Whether the last alert of a finding is within the period in which it alerts only once. */
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
