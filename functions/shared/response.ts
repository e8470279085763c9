import type { Report } from "../../src/model/report.ts";
import { jsonWithin } from "../../src/render/events/fit.ts";
import { briefGaps } from "../../src/render/gaps.ts";

const mostFindings = 100;
const mostGaps = 100;

/** What an asynchronous invocation's destination takes is 1 MB (AWS Lambda quotas, November 2026). */
const mostBytes = 900_000;

/**
 * What an invocation answers, ready for JSON: the report's head, the first findings that do not pass and the
 * first gaps, with counts of what was left out. Under 1 MB, whatever the fleet's size and the texts in it.
 */
export function responseOf(report: Report, location: string | null): unknown {
  const { auditId, status, summary, coverage } = report;
  const { planned, audited, partial, unreachable, excluded } = coverage;
  const notPassing = report.findings.filter(
    (finding) => finding.status !== "PASS" && finding.status !== "NOT_APPLICABLE",
  );
  const answer = {
    auditId,
    status,
    summary,
    coverage: { planned, audited, partial, unreachable, excluded, ...briefGaps(coverage.gaps, mostGaps) },
    findings: notPassing.slice(0, mostFindings),
    findingsOmitted: Math.max(0, notPassing.length - mostFindings),
    report: { location },
  };
  return JSON.parse(jsonWithin(answer, mostBytes));
}
