import { noCounts } from "../../audit/tally.ts";
import { CHECK_REPORT_SCHEMA_VERSION, type CheckReport, type CodeFinding } from "../../model/check-report.ts";
import { severityRank } from "../../model/finding.ts";
import { compareValues } from "../../model/order.ts";
import type { FileOfRules } from "../rules-in-file.ts";

/** What a report on code is made of. */
export type CheckReportParts = Pick<CheckReport, "policy"> & {
  readonly files: readonly FileOfRules[];
  /** All of them, those that pass too. */
  readonly findings: readonly CodeFinding[];
  readonly leftOut: ReadonlySet<string>;
  readonly includePassing: boolean;
};

/** Puts a report on code together: counts and sorts the findings, and draws the verdict. */
export function checkReportOf(parts: CheckReportParts): CheckReport {
  const { files, policy, findings, leftOut, includePassing } = parts;
  const byStatus = noCounts();
  for (const { status } of findings) byStatus[status] += 1;
  const failing = { critical: 0, high: 0, medium: 0, low: 0, informational: 0 };
  for (const { status, severity } of findings) if (status === "FAIL") failing[severity] += 1;
  return {
    schemaVersion: CHECK_REPORT_SCHEMA_VERSION,
    status: verdictOf(byStatus),
    policy,
    files: files.map(({ file, format, rules }) => ({ file, format, rules: rules.length })),
    summary: {
      rules: files.reduce((sum, { rules }) => sum + rules.length, 0),
      findings: byStatus,
      failing,
    },
    checksLeftOut: [...leftOut].toSorted(compareValues),
    findings: findings.filter(isWorthTelling(includePassing)).toSorted(byWeight),
  };
}

function verdictOf({ FAIL, UNKNOWN }: ReturnType<typeof noCounts>): CheckReport["status"] {
  if (FAIL > 0) return "non-compliant";
  return UNKNOWN > 0 ? "incomplete" : "compliant";
}

function isWorthTelling(includePassing: boolean): (finding: CodeFinding) => boolean {
  return ({ status }) => includePassing || (status !== "PASS" && status !== "NOT_APPLICABLE");
}

function byWeight(a: CodeFinding, b: CodeFinding): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    compareValues(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareValues(a.address, b.address) ||
    compareValues(a.check, b.check) ||
    compareValues(a.id, b.id)
  );
}
