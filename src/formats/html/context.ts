import { distinguishesNew } from "../../render/counts.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import type { Report } from "../../schemas/report.ts";

/** What many parts of the page need to know of the audit. */
export type Context = {
  readonly auditedAt: string;
  /** Whether the audit was compared with an earlier one: only then is anything new. */
  readonly isCompared: boolean;
  /** The organizational units around an account, as far as the report tells them. */
  readonly unitsOf: (account: string) => readonly string[];
};

/** What the page says of an audit as a whole. */
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
