import type { Finding } from "../../model/finding.ts";
import type { ReportDiff } from "../../model/report-diff.ts";

/** What two audits differ in, part by part, in the order in which people read of it; without what is empty. */
export function diffParts(diff: ReportDiff): readonly { heading: string; findings: readonly Finding[] }[] {
  const parts = [
    { heading: "New", findings: diff.opened },
    { heading: "Changed", findings: diff.changed.map(({ after }) => after) },
    { heading: "Resolved", findings: diff.resolved },
    { heading: "Waived now", findings: diff.waived },
    { heading: "Not seen or judged any more", findings: diff.unseen },
  ];
  return parts.filter(({ findings }) => findings.length > 0);
}

/** Whether two audits came to the same, and saw the same registries. */
export function isAlike(diff: ReportDiff): boolean {
  const { lost, gained } = diff.coverage;
  return diffParts(diff).length === 0 && lost.length + gained.length === 0;
}
