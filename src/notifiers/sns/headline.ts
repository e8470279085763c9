import { byAttention } from "../../render/attention.ts";
import { bySeverity, distinguishesNew, isFailing, isNews, isResolved } from "../../render/counts.ts";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { unseenRegistries } from "../../render/verdict.ts";
import { counted, grouped } from "../../render/words.ts";
import { type Finding, severityRank } from "../../schemas/finding.ts";
import type { Coverage, Report } from "../../schemas/report.ts";

const LONGEST_TEXT = 300;

/** `text` as a digest for machines has room for it. */
export function short(text: string): string {
  return cutToCharacters(text, LONGEST_TEXT);
}

/** The same of a text that may be missing. */
export function shortOrNull(text: string | null): string | null {
  return text === null ? null : short(text);
}

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

/** The name that begins every subject, so that mail can be filtered by it. */
export const PRODUCT = "pull-through-auditor";

/** More severities than these would not fit into a subject. */
const MOST_SEVERITIES = 2;

/** An audit's outcome in a line of ASCII without any collected text. */
export function headline(report: Report): string {
  const parts = [
    ...changesSince(report),
    outcome(report),
    unseenWords(report.coverage),
    report.baseline ? "first audit" : null,
  ];
  return `${PRODUCT}: ${parts.filter((part) => part !== null).join("; ")}`;
}

function unseenWords(coverage: Coverage): string | null {
  const unseen = unseenRegistries(coverage);
  if (unseen === 0) return null;
  return `${counted(unseen, "registry", "registries")} ${coverage.partial > 0 ? "not fully seen" : "unseen"}`;
}

/** What is new and what was resolved, where there is something to compare with. */
function changesSince({ findings }: Report): string[] {
  if (!distinguishesNew(findings)) return [];
  const { news, resolved } = byAttention(findings);
  return [
    ...(news.length > 0 ? [`${worstCounts(news)} new`] : []),
    ...(resolved.length > 0 ? [`${grouped(resolved.length)} resolved`] : []),
  ];
}

/** Behind what is new there is room for no more than how many fail. */
function outcome(report: Report): string {
  const failing = report.findings.filter(isFailing);
  if (failing.length === 0) return quietOutcome(report);
  const isMore = changesSince(report).length > 0;
  return `${isMore ? grouped(failing.length) : worstCounts(failing)} failing`;
}

/** How many of `findings` are of the worst severities, and how many of others: `1 high, 2 medium, 3 lesser`. */
function worstCounts(findings: readonly Finding[]): string {
  const counts = bySeverity(findings);
  const worst = counts
    .slice(0, MOST_SEVERITIES)
    .map(({ severity, count }) => `${grouped(count)} ${severity}`);
  const lesser = counts.slice(MOST_SEVERITIES).reduce((sum, { count }) => sum + count, 0);
  return [...worst, ...(lesser > 0 ? [`${grouped(lesser)} lesser`] : [])].join(", ");
}

function quietOutcome({ status, coverage }: Report): string {
  if (status === "non-compliant") return "nothing fails here any more";
  if (status === "incomplete") return "incomplete, nothing seen fails";
  if (coverage.planned === 0) return "nothing was audited, no registry is in scope";
  return `compliant, ${counted(coverage.audited, "registry", "registries")} seen`;
}
