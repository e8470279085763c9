import { type Finding, severityRank } from "../../model/finding.ts";
import { isFailing, isNews, isResolved } from "../tally.ts";

/**
 * The findings that a digest tells of, in the order of telling: what fails, worst first and news before what
 * is known, then what was resolved.
 */
export function rankedFindings(findings: readonly Finding[]): Finding[] {
  return findings
    .filter((finding) => isFailing(finding) || isResolved(finding))
    .sort(
      (one, other) =>
        Number(isResolved(one)) - Number(isResolved(other)) ||
        severityRank(one.severity) - severityRank(other.severity) ||
        Number(isNews(other)) - Number(isNews(one)),
    );
}
