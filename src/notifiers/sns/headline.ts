import { byAttention } from "../../render/attention.ts";
import { fromCauses } from "../../render/causes.ts";
import { bySeverity, distinguishesNew, isNews } from "../../render/counts.ts";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { unseenRegistries } from "../../render/verdict.ts";
import { counted, grouped } from "../../render/words.ts";
import { isFailing, isResolved } from "../../schemas/count-findings.ts";
import { type Finding, severityRank } from "../../schemas/finding.ts";
import type { Coverage, Report } from "../../schemas/report.ts";

const LONGEST_TEXT = 300;

/** Cuts a text for the JSON digest. */
export function short(text: string): string {
  return cutToCharacters(text, LONGEST_TEXT);
}

/** Cuts a text that may be `null`. */
export function shortOrNull(text: string | null): string | null {
  return text === null ? null : short(text);
}

/**
 * Returns the findings of a digest in order: failing ones, the worst first and new ones before known ones, then resolved
 * ones.
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

/** The start of every subject, by which mail can be filtered. */
export const PRODUCT = "pull-through-auditor";

/** More severities than these do not fit into a subject. */
const MOST_SEVERITIES = 2;

/** An SNS subject is under 100 characters (API reference of Amazon SNS, Publish, November 2026). */
export const SUBJECT_BYTES = 99;

/**
 * Returns the outcome of an audit as one line of ASCII, without collected text. The number of causes, and then the age of
 * the reminded findings, are left out where they do not fit into a subject.
 */
export function headline(report: Report): string {
  const line = (causes: string, age: string | null) => {
    const parts = [
      ...changesSince(report),
      ...(age !== null && !isAllReminded(report) ? [age] : []),
      age !== null && isAllReminded(report) ? `${age}${causes}` : `${outcome(report)}${causes}`,
      gapsText(report.coverage),
      report.baseline ? "first audit" : null,
    ];
    return `${PRODUCT}: ${parts.filter((part) => part !== null).join("; ")}`;
  };
  const causes = fromCauses(report.findings.filter(isFailing));
  const age = remindedText(report);
  const lines = [line(causes, age), line("", age), line(causes, null), line("", null)];
  return lines.find(({ length }) => length <= SUBJECT_BYTES) ?? line("", null);
}

/** Whether the report has nothing to say but reminders. */
function isAllReminded(report: Report): boolean {
  const failing = report.findings.filter(isFailing);
  return changesSince(report).length === 0 && failing.every(({ transition }) => transition === "reminded");
}

/** Counts the findings that are due a reminder, and says how long they have been open; `null` for none. */
function remindedText({ findings }: Report): string | null {
  const { reminded } = byAttention(findings);
  const days = reminded.map(({ openDays }) => openDays ?? 0);
  const [least, most] = [Math.min(...days), Math.max(0, ...days)];
  if (most === 0) return null;
  return `${worstCounts(reminded)} open for ${least === most ? "" : "up to "}${counted(most, "day")}`;
}

/** Counts the registries that were not fully covered, in few words: a subject has less than 100 characters. */
function gapsText(coverage: Coverage): string | null {
  const withGaps = unseenRegistries(coverage);
  if (withGaps === 0) return null;
  return `${counted(withGaps, "registry", "registries")} ${coverage.partial > 0 ? "with gaps" : "not covered"}`;
}

/** Counts new and resolved findings, if there is a previous audit to compare with. */
function changesSince({ findings }: Report): string[] {
  if (!distinguishesNew(findings)) return [];
  const { news, resolved } = byAttention(findings);
  return [
    ...(news.length > 0 ? [`${worstCounts(news)} new`] : []),
    ...(resolved.length > 0 ? [`${grouped(resolved.length)} resolved`] : []),
  ];
}

/** Counts what fails. After the changes there is only room for the total. */
function outcome(report: Report): string {
  const failing = report.findings.filter(isFailing);
  if (failing.length === 0) return quietOutcome(report);
  const isMore = changesSince(report).length > 0;
  return `${isMore ? grouped(failing.length) : worstCounts(failing)} failing`;
}

/** Counts `findings` by the worst severities, and all others together: `1 high, 2 medium, 3 lower`. */
function worstCounts(findings: readonly Finding[]): string {
  const counts = bySeverity(findings);
  const worst = counts
    .slice(0, MOST_SEVERITIES)
    .map(({ severity, count }) => `${grouped(count)} ${severity}`);
  const lower = counts.slice(MOST_SEVERITIES).reduce((sum, { count }) => sum + count, 0);
  return [...worst, ...(lower > 0 ? [`${grouped(lower)} lower`] : [])].join(", ");
}

function quietOutcome({ status, coverage }: Report): string {
  if (status === "non-compliant") return "nothing fails for this topic any more";
  if (status === "incomplete") return "incomplete, no failures found";
  if (coverage.planned === 0) return "nothing was audited, no registry is in scope";
  return `compliant, ${counted(coverage.audited, "registry", "registries")} covered`;
}
