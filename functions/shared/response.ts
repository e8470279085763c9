import type { FinalizedAudit } from "../../src/audit/options.ts";
import { byteLength } from "../../src/core/bytes.ts";
import { jsonWithin } from "../../src/notifiers/eventbridge/fit.ts";
import { briefGap } from "../../src/render/reasons.ts";
import type { Report } from "../../src/schemas/report.ts";

const mostFindings = 100;
const mostGaps = 100;

/**
 * The limit of an asynchronous invocation's destination is 1 MB (AWS Lambda quotas, November 2026). A finding or gap of
 * the usual size is far below `each`; the long texts of a larger one are shortened.
 */
const mostBytes = { findings: 600_000, gaps: 200_000, each: 6_000 } as const;

/**
 * The response of an invocation: the report's figures, the first findings that do not pass and the first gaps, with the
 * numbers of omitted ones. Serializes to less than 1 MB, whatever the size of the fleet and of its texts.
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

/** The report's figures, within the 256 KiB that a state machine accepts. */
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

/** The first of `items` that together take at most `bytes` of JSON. Long texts in each are shortened. */
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
