import { compareValues } from "../../core/order.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import type { Report } from "../../schemas/report.ts";
import { trendFigures } from "../../schemas/trend-figures.ts";

/** How many audits of each kind the history keeps: half a year of nightly audits, and the latest narrowed ones. */
const mostRecords = { wholeScope: 200, narrowed: 50 } as const;

/** The figures of an audit for the history. */
export function recordOf(report: Report, wholeScope: boolean, location: string | null): AuditRecord {
  const { auditId, startedAt, finishedAt, trigger, status, summary } = report;
  const { planned, audited, partial, unreachable } = report.coverage;
  const coverage = { planned, audited, partial, unreachable };
  const trend = trendFigures(report);
  return { auditId, startedAt, finishedAt, trigger, wholeScope, status, coverage, summary, trend, location };
}

/**
 * The history with one more audit, oldest first. Narrowed audits do not displace audits of the whole scope: a burst of
 * events must not erase the trend.
 */
export function historyWith(history: readonly AuditRecord[], record: AuditRecord): readonly AuditRecord[] {
  const others = history.filter(({ auditId }) => auditId !== record.auditId);
  const ordered = [...others, record].toSorted(
    (a, b) => compareValues(a.startedAt, b.startedAt) || compareValues(a.auditId, b.auditId),
  );
  const kept = new Set([
    ...ordered.filter(({ wholeScope }) => wholeScope).slice(-mostRecords.wholeScope),
    ...ordered.filter(({ wholeScope }) => !wholeScope).slice(-mostRecords.narrowed),
  ]);
  return ordered.filter((one) => kept.has(one));
}
