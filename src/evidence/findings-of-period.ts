import { dayOfTime } from "../core/days.ts";
import { compareValues } from "../core/order.ts";
import type { Evidence } from "../schemas/evidence.ts";
import { severities, severityRank } from "../schemas/finding.ts";
import { medianOf } from "../schemas/trend-figures.ts";
import type { PeriodReport } from "./period-report.ts";

type PeriodFinding = Evidence["findings"][number];

/** Follows the findings of a period from report to report, oldest first. Keeps each finding once, not each report. */
export function openFindings() {
  const open = new Map<string, PeriodFinding>();
  const ended: PeriodFinding[] = [];
  let last = "";
  return {
    add: ({ startedAt, findings }: PeriodReport): void => {
      last = startedAt;
      for (const finding of findings) {
        const { id, status, transition } = finding;
        if (transition === "resolved") {
          const end = status === "WAIVED" ? "waived" : "resolved";
          const known = open.get(id);
          ended.push({
            ...seen(finding),
            // What no longer fails has no cause; what was known while it failed still holds.
            cause: finding.cause ?? known?.cause ?? null,
            changedBy: finding.changedBy ?? known?.changedBy ?? null,
            resolved: startedAt,
            end,
            daysOpen: days(finding.firstSeenAt, startedAt),
          });
          open.delete(id);
        } else if (status === "FAIL") open.set(id, seen(finding));
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

function seen(finding: PeriodReport["findings"][number]): PeriodFinding {
  const { status: _status, transition: _transition, waiver: _waiver, firstSeenAt, ...kept } = finding;
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
