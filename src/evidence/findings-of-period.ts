import { dayOfTime } from "../core/days.ts";
import { compareValues } from "../core/order.ts";
import { ALL_ACCOUNTS, ALL_REGIONS } from "../ecr/registry.ts";
import type { Evidence } from "../schemas/evidence.ts";
import { severities, severityRank } from "../schemas/finding.ts";
import { medianOf } from "../schemas/trend-figures.ts";
import type { PeriodReport } from "./period-report.ts";

type PeriodFinding = Evidence["findings"][number];
type ReportedFinding = PeriodReport["findings"][number];

/** How a finding ended last. `eventId` is null if no audit reported the end. */
type LastEnd = { readonly eventId: string | null; readonly at: string };

/**
 * Follows the findings of a period from report to report, in the order of the chain. Keeps each finding once, not each
 * report.
 *
 * Most ends are reported, as resolved. An audit that stored its report but not its state is forgotten by the next one,
 * and reports may be missing. So a finding has ended, too, when an audit of the whole scope read its registry and no
 * longer has it; and audits at the same time may report the same end.
 */
export function openFindings() {
  const open = new Map<string, PeriodFinding>();
  const ended: PeriodFinding[] = [];
  const lastEnds = new Map<string, LastEnd>();
  let last = "";
  const end = (finding: PeriodFinding, how: "resolved" | "waived", eventId: string | null): void => {
    ended.push({ ...finding, resolved: last, end: how, daysOpen: days(finding.opened, last) });
    lastEnds.set(finding.id, { eventId, at: last });
    open.delete(finding.id);
  };
  const addFinding = (finding: ReportedFinding): void => {
    const { id, status, transition, firstSeenAt, eventId } = finding;
    const known = open.get(id);
    const opened = known === undefined || firstSeenAt < known.opened ? firstSeenAt : known.opened;
    if (status === "FAIL" && transition !== "resolved") {
      open.set(id, { ...seen(finding), opened });
      return;
    }
    const isWaived = status === "WAIVED";
    if (transition !== "resolved") {
      if (known !== undefined && isWaived)
        end({ ...seen(finding), ...causeOf(finding, known), opened }, "waived", null);
      else if (known !== undefined && status === "UNKNOWN") open.set(id, { ...known, stale: true });
      return;
    }
    if (known === undefined && isToldAgain(lastEnds.get(id), finding)) return;
    // What no longer fails has no cause; what was known while it failed still holds.
    end({ ...seen(finding), ...causeOf(finding, known), opened }, isWaived ? "waived" : "resolved", eventId);
  };
  return {
    /** @param isWhole whether the audit covered the whole scope */
    add: ({ startedAt, findings, coverage }: PeriodReport, isWhole: boolean): void => {
      last = startedAt;
      for (const finding of findings) addFinding(finding);
      const listed = new Set(findings.map(({ id }) => id));
      for (const known of [...open.values()].filter(({ id }) => !listed.has(id))) {
        if (coverage.gaps.some((gap) => isIn(gap, known))) open.set(known.id, { ...known, stale: true });
        else if (isWhole) end({ ...known, stale: false }, "resolved", null);
      }
    },
    /** The findings, worst first. */
    result: (): readonly PeriodFinding[] =>
      [...ended, ...[...open.values()].map((one) => ({ ...one, daysOpen: days(one.opened, last) }))].toSorted(
        (a, b) =>
          severityRank(a.severity) - severityRank(b.severity) ||
          compareValues(a.opened, b.opened) ||
          compareValues(a.id, b.id) ||
          compareValues(a.resolved ?? "", b.resolved ?? ""),
      ),
  };
}

/** Whether an end was told before: by an audit that ran at the same time, or because the finding was there no longer. */
function isToldAgain(end: LastEnd | undefined, { eventId, firstSeenAt }: ReportedFinding): boolean {
  if (end === undefined) return false;
  return end.eventId === null ? firstSeenAt <= end.at : end.eventId === eventId;
}

function causeOf({ cause, changedBy }: ReportedFinding, known: PeriodFinding | undefined) {
  return { cause: cause ?? known?.cause ?? null, changedBy: changedBy ?? known?.changedBy ?? null };
}

/** Whether a gap is of the registry of a finding. */
function isIn(gap: PeriodReport["coverage"]["gaps"][number], { account, region }: PeriodFinding): boolean {
  return (
    (gap.account === account || gap.account === ALL_ACCOUNTS) &&
    (gap.region === region || gap.region === ALL_REGIONS)
  );
}

function seen(finding: ReportedFinding): PeriodFinding {
  const {
    status: _status,
    transition: _transition,
    eventId: _eventId,
    waiver: _waiver,
    firstSeenAt,
    ...kept
  } = finding;
  return { ...kept, opened: firstSeenAt, resolved: null, end: "open", daysOpen: 0 };
}

function days(from: string, to: string): number {
  const [first, last] = [dayOfTime(from), dayOfTime(to)];
  return first === null || last === null ? 0 : Math.max(0, last - first);
}

/** By severity: how many findings ended and how long that took. Only what was fixed counts, not what was waived. Pure. */
export function resolutionOf(findings: readonly PeriodFinding[]): Evidence["resolution"] {
  return severities.map((severity) => {
    const ofSeverity = findings.filter((finding) => finding.severity === severity);
    const counted = (end: PeriodFinding["end"]) => ofSeverity.filter((finding) => finding.end === end);
    const taken = counted("resolved")
      .map(({ daysOpen }) => daysOpen)
      .toSorted((a, b) => a - b);
    return {
      severity,
      resolved: taken.length,
      open: counted("open").length,
      waived: counted("waived").length,
      medianDays: medianOf(taken),
      worstDays: taken.at(-1) ?? null,
    };
  });
}
