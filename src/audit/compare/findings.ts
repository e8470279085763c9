import type { Finding } from "../../model/finding.ts";
import type { KnownFinding } from "../../model/state.ts";
import type { EvaluatedFinding } from "../tally.ts";
import { alertId } from "./alert-id.ts";
import { type Fate, fates, type Sight } from "./sight.ts";

/** By finding id. */
export type KnownFindings = Readonly<Record<string, KnownFinding>>;

/** When things are told again. */
export type Reminding = {
  readonly now: Date;
  /** Days after which a finding that still fails is told again; `null` for never. */
  readonly remindAfterDays: number | null;
};

/** The findings of an audit in the light of those before, and what to remember of them. */
export type ComparedFindings = { readonly findings: readonly Finding[]; readonly known: KnownFindings };

/** What becomes of one finding: what the report shows of it, and what is remembered. */
type Outcome = { readonly shown: Finding | null; readonly known: KnownFinding | null };

/** Days within which a finding that comes and goes is told once, where the policy asks for no reminders. */
const usualFlappingDays = 7;
const dayMs = 86_400_000;

/** Compares the findings of an audit with what is known from those before. Pure. */
export function compareFindings(
  evaluated: readonly EvaluatedFinding[],
  sight: Sight,
  earlier: KnownFindings,
  reminding: Reminding,
): ComparedFindings {
  const fateOf = fates(sight, evaluated);
  const outcomes: Outcome[] = [];
  const met = new Set<string>();
  for (const finding of evaluated) {
    const before = earlier[finding.id];
    // What can not be told of an open finding is shown below, as that finding gone stale.
    if (finding.status === "UNKNOWN" && before?.open === true) continue;
    met.add(finding.id);
    outcomes.push(
      finding.status === "FAIL" ? failing(finding, before, reminding) : other(finding, before, reminding),
    );
  }
  for (const before of Object.values(earlier)) {
    if (!met.has(before.finding.id)) outcomes.push(unmet(before, fateOf(before.finding), reminding));
  }
  return {
    findings: outcomes.flatMap(({ shown }) => shown ?? []),
    known: Object.fromEntries(
      outcomes.flatMap(({ known }) => (known === null ? [] : [[known.finding.id, known]])),
    ),
  };
}

/** A finding that fails now. */
function failing(found: EvaluatedFinding, before: KnownFinding | undefined, reminding: Reminding): Outcome {
  const seenAt = reminding.now.toISOString();
  const isReturn = before !== undefined && (before.open || isRecent(before, reminding));
  const finding: Finding = {
    ...found,
    firstSeenAt: isReturn ? before.finding.firstSeenAt : seenAt,
    lastSeenAt: seenAt,
    ...nothingToTell,
  };
  if (!isReturn) return tell(finding, "opened", before, reminding);
  if (before.quiet || !before.open) {
    const isOver = !isRecent(before, reminding);
    return isOver ? tell(finding, "opened", before, reminding) : keepQuiet(finding, before);
  }
  if (essenceOf(finding) !== essenceOf(before.finding)) return tell(finding, "changed", before, reminding);
  return stillOpen(finding, before, reminding);
}

/** An answer that is no failure: the end of one, where one was open. */
function other(found: EvaluatedFinding, before: KnownFinding | undefined, reminding: Reminding): Outcome {
  const seenAt = reminding.now.toISOString();
  if (before?.open === true)
    return close({ ...before.finding, ...found, lastSeenAt: seenAt }, before, reminding);
  const shown = { ...found, firstSeenAt: seenAt, lastSeenAt: seenAt, ...nothingToTell, transition: null };
  return { shown, known: before === undefined ? null : whileRecent(before, reminding) };
}

/** A finding known from earlier that this audit did not meet. */
function unmet(before: KnownFinding, fate: Fate, reminding: Reminding): Outcome {
  if (!before.open) return { shown: null, known: whileRecent(before, reminding) };
  switch (fate) {
    case "not-looked-at":
      return { shown: null, known: before };
    case "not-seen":
      return stillOpen({ ...before.finding, ...nothingToTell, stale: true }, before, reminding);
    case "gone":
      return close({ ...before.finding, status: "PASS" }, before, reminding);
    case "out-of-scope":
      return close({ ...before.finding, status: "NOT_APPLICABLE" }, before, reminding);
  }
}

const nothingToTell = { transition: "unchanged", eventId: null, stale: false } as const;

function tell(
  finding: Finding,
  transition: "opened" | "changed" | "reminded",
  before: KnownFinding | undefined,
  { now }: Reminding,
): Outcome {
  const eventId = alertId([finding.id, transition, before?.toldAt ?? null, essenceOf(finding)]);
  const shown = { ...finding, transition, eventId };
  return { shown, known: { finding: shown, open: true, toldAt: now.toISOString(), quiet: false } };
}

function stillOpen(finding: Finding, before: KnownFinding, reminding: Reminding): Outcome {
  const { remindAfterDays, now } = reminding;
  const isDue = remindAfterDays !== null && !isWithin(before.toldAt, remindAfterDays, now);
  if (isDue) return tell(finding, "reminded", before, reminding);
  return { shown: finding, known: { ...before, finding } };
}

/** It went and came back within the period in which it is told once. */
function keepQuiet(finding: Finding, before: KnownFinding): Outcome {
  return { shown: finding, known: { finding, open: true, toldAt: before.toldAt, quiet: true } };
}

/** The end of a finding. What came back unheard goes unheard. */
function close(finding: Finding, before: KnownFinding, { now }: Reminding): Outcome {
  const { toldAt, quiet } = before;
  const eventId = quiet ? null : alertId([finding.id, "resolved", toldAt]);
  const shown: Finding = { ...finding, transition: quiet ? null : "resolved", eventId, stale: false };
  const known = { finding: shown, open: false, toldAt: quiet ? toldAt : now.toISOString(), quiet: false };
  return { shown: quiet && finding.status === "PASS" ? null : shown, known };
}

function whileRecent(before: KnownFinding, reminding: Reminding): KnownFinding | null {
  return isRecent(before, reminding) ? before : null;
}

function isRecent({ toldAt }: KnownFinding, { now, remindAfterDays }: Reminding): boolean {
  return isWithin(toldAt, remindAfterDays ?? usualFlappingDays, now);
}

function isWithin(since: string, days: number, now: Date): boolean {
  return now.getTime() - Date.parse(since) < days * dayMs;
}

/** What makes a finding another than it was, as far as people must hear of it. */
function essenceOf({ kind, severity, data }: Finding): string {
  return JSON.stringify([kind, severity, sorted(data)]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => [key, sorted(entry)]);
}
