import { daysBetween } from "../core/days.ts";
import { makeRecord } from "../core/records.ts";
import { causeKey, failuresIn, isFailing, isResolved } from "./count-findings.ts";
import { type Severity, severities, severityRank } from "./finding.ts";
import type { AuditRecord, TrendFigures } from "./history.ts";
import type { Report } from "./report.ts";

/** The figures of a report for the trend. Pure. */
export function trendFigures({ startedAt, findings }: Pick<Report, "startedAt" | "findings">): TrendFigures {
  const worst = new Map<unknown, Severity>();
  const days: number[] = [];
  for (const finding of findings) {
    if (isFailing(finding)) {
      const key = causeKey(finding);
      const known = worst.get(key);
      if (known === undefined || severityRank(finding.severity) < severityRank(known))
        worst.set(key, finding.severity);
    } else if (isResolved(finding) && finding.status !== "WAIVED") {
      const age = daysBetween(finding.firstSeenAt, new Date(startedAt));
      // A host whose clock ran ahead may have seen it first.
      if (!Number.isNaN(age)) days.push(Math.max(0, age));
    }
  }
  const causes = makeRecord<TrendFigures["causes"]>(severities, () => 0);
  for (const severity of worst.values()) causes[severity] += 1;
  const sorted = days.toSorted((a, b) => a - b);
  return { causes, resolved: sorted.length, medianDays: medianOf(sorted), worstDays: sorted.at(-1) ?? null };
}

/** The median of sorted numbers; `null` if there are none. */
export function medianOf(sorted: readonly number[]): number | null {
  const middle = (sorted.length - 1) / 2;
  const [below, above] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return below === undefined || above === undefined ? null : (below + above) / 2;
}

/** How many causes were open; `null` if the audit did not count them. */
export function openCauses({ summary }: Pick<AuditRecord, "summary">): number | null {
  // Before causes were counted, their number was 0 whatever failed.
  return summary.causes === 0 && failuresIn(summary) > 0 ? null : summary.causes;
}
