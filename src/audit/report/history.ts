import { compareValues } from "../../core/order.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import type { Report } from "../../schemas/report.ts";

/** The most audits that are kept of each kind: half a year of nights, and the latest of those that events set off. */
const mostRecords = { wholeScope: 200, narrowed: 50 } as const;

/** What is kept of an audit for the comparison with others. */
export function recordOf(report: Report, wholeScope: boolean, location: string | null): AuditRecord {
  const { auditId, startedAt, finishedAt, trigger, status, summary } = report;
  const { planned, audited, partial, unreachable } = report.coverage;
  const coverage = { planned, audited, partial, unreachable };
  return { auditId, startedAt, finishedAt, trigger, wholeScope, status, coverage, summary, location };
}

/**
 * The history with one audit more, the oldest first. Audits of the whole scope and narrower ones do not push each
 * other out: a burst of events must not cost the trend.
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
