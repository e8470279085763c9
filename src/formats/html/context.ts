import { distinguishesNew } from "../../render/counts.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import type { Report } from "../../schemas/report.ts";

/** What many sections of the page need to know about the audit. */
export type Context = {
  readonly auditedAt: string;
  /** Whether the audit was compared with an earlier one. Otherwise nothing is marked as new. */
  readonly isCompared: boolean;
  /** Returns the organizational units of an account, as far as the report contains them. */
  readonly unitsOf: (account: string) => readonly string[];
};

/** Derives the context from a report and the audits before it. */
export function contextOf(report: Report, history: readonly AuditRecord[]): Context {
  const { baseline, findings, drift, registries, finishedAt } = report;
  const units = new Map(
    [...findings, ...registries].map(({ account, organizationalUnits }) => [account, organizationalUnits]),
  );
  return {
    auditedAt: finishedAt,
    isCompared: !baseline && (distinguishesNew(findings) || drift.length > 0 || history.length > 1),
    unitsOf: (account) => units.get(account) ?? [],
  };
}
