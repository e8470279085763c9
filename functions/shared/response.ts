import type { FinalizedAudit } from "../../src/audit/options.ts";
import { byteLength } from "../../src/core/bytes.ts";
import { jsonWithin } from "../../src/notifiers/eventbridge/fit.ts";
import { briefGap } from "../../src/render/reasons.ts";
import type { Report } from "../../src/schemas/report.ts";

const mostFindings = 100;
const mostGaps = 100;

/**
 * What an asynchronous invocation's destination takes is 1 MB (AWS Lambda quotas, November 2026). One finding
 * or gap of the usual size is far below its share; a larger one is cut where it can be.
 */
const mostBytes = { findings: 600_000, gaps: 200_000, each: 6_000 } as const;

/**
 * What an invocation answers, ready for JSON: the report's head, the first findings that do not pass and the
 * first gaps, with counts of what was left out. Under 1 MB, whatever the fleet's size and the texts in it.
 */
export function responseOf(report: Report, location: string | null): unknown {
  const head = headOf({ report, location });
  const { coverage } = report;
  const notPassing = report.findings.filter(
    (finding) => finding.status !== "PASS" && finding.status !== "NOT_APPLICABLE",
  );
  const findings = fitting(notPassing.slice(0, mostFindings), mostBytes.findings);
  const gaps = fitting(coverage.gaps.slice(0, mostGaps).map(briefGap), mostBytes.gaps);
  const gapsOmitted = coverage.gaps.length - gaps.length;
  return {
    ...head,
    coverage: { ...head.coverage, gaps, gapsOmitted },
    findings,
    findingsOmitted: notPassing.length - findings.length,
  };
}

/** A report's figures: what a state machine takes, which is no more than 256 KiB. */
export function headOf({ report, location }: Pick<FinalizedAudit, "report" | "location">) {
  const { auditId, status, summary, coverage } = report;
  const { planned, audited, partial, unreachable, excluded } = coverage;
  return {
    auditId,
    status,
    summary,
    coverage: { planned, audited, partial, unreachable, excluded },
    report: { location },
  };
}

/** The first of `items` that together take at most `bytes` of JSON, what is long in each cut short. */
function fitting(items: readonly object[], bytes: number): readonly unknown[] {
  const kept: unknown[] = [];
  let left = bytes;
  for (const item of items) {
    const json = jsonWithin(item, mostBytes.each);
    left -= byteLength(json) + 1;
    if (left < 0) break;
    kept.push(JSON.parse(json));
  }
  return kept;
}
