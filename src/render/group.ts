import { type Finding, type Severity, type Status, severityRank } from "../schemas/finding.ts";
import type { CoverageGap } from "../schemas/report.ts";
import { isNews } from "./counts.ts";
import type { GapReason } from "./reasons.ts";

/** What several findings say in the same words, their account, region and prefix aside. */
export type Wording = {
  /** The first finding's message. */
  readonly message: string;
  /** Whether the others' messages are exactly the same; else `message` is an example. */
  readonly exact: boolean;
  readonly findings: readonly Finding[];
};

/** One problem: findings of one check and kind that are mended in the same way. */
export type Problem = {
  readonly status: Status;
  readonly severity: Severity;
  readonly check: string;
  readonly kind: string;
  readonly title: string;
  /** The first finding's remediation. */
  readonly remediation: string;
  /** Whether the others' remediations are exactly the same; else `remediation` is an example. */
  readonly exactRemediation: boolean;
  readonly docs: string;
  readonly findings: readonly Finding[];
  /** What the findings say, the most frequent first. */
  readonly wordings: readonly Wording[];
};

/** Things that could not be seen for one reason, in one operation. */
export type GapGroup = {
  readonly reason: GapReason;
  readonly operation: string;
  readonly gaps: readonly CoverageGap[];
  /** What was said each time, once for each wording; not `exact` where names of places differ. */
  readonly details: readonly { readonly detail: string; readonly exact: boolean }[];
};

/**
 * Findings as problems: forty findings of one check and kind are one problem if their remediations differ
 * in nothing but the facts. Worst first; among equally severe ones those with most news, then the largest.
 * Within a problem news comes before what is known, else the order stays.
 */
export function groupFindings(findings: readonly Finding[]): Problem[] {
  return problemsBy((finding) => [...kindOf(finding), remediationPattern(finding)], findings);
}

/** Findings of one check and kind as one problem, however they are mended: for lists that do not say how. */
export function groupKinds(findings: readonly Finding[]): Problem[] {
  return problemsBy(kindOf, findings);
}

function kindOf({ status, severity, check, kind }: Finding): readonly string[] {
  return [status, severity, check, kind];
}

function problemsBy(key: (finding: Finding) => readonly string[], findings: readonly Finding[]): Problem[] {
  const problems = groupsOf(newsFirst(findings), (finding) => JSON.stringify(key(finding))).map(problemOf);
  return problems.sort(
    (one, other) =>
      severityRank(one.severity) - severityRank(other.severity) ||
      newsIn(other) - newsIn(one) ||
      other.findings.length - one.findings.length,
  );
}

/** Gaps by reason and operation, the most frequent first. */
export function groupGaps(gaps: readonly CoverageGap[]): GapGroup[] {
  return groupsOf(gaps, ({ reason, operation }) => JSON.stringify([reason, operation]))
    .map(gapGroupOf)
    .sort((one, other) => other.gaps.length - one.gaps.length);
}

/** Why something could not be seen, and how many gaps that left; the most frequent reason first. */
export function gapReasons(gaps: readonly CoverageGap[]): { reason: GapReason; gaps: number }[] {
  return groupsOf(gaps, ({ reason }) => reason)
    .map((alike) => ({ reason: alike[0].reason, gaps: alike.length }))
    .sort((one, other) => other.gaps - one.gaps);
}

/** `items` in groups of equal `key`, each with at least one item, in the order of their first items. */
export function groupsOf<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
): (readonly [Item, ...Item[]])[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function problemOf(findings: readonly [Finding, ...Finding[]]): Problem {
  const [{ status, severity, check, kind, title, remediation, docs }] = findings;
  const exactRemediation = findings.every((finding) => finding.remediation === remediation);
  const wordings = groupsOf(findings, messagePattern)
    .map(wordingOf)
    .sort((one, other) => other.findings.length - one.findings.length);
  return { status, severity, check, kind, title, remediation, exactRemediation, docs, findings, wordings };
}

function wordingOf(findings: readonly [Finding, ...Finding[]]): Wording {
  const [{ message }] = findings;
  return { message, exact: findings.every((finding) => finding.message === message), findings };
}

function gapGroupOf(gaps: readonly [CoverageGap, ...CoverageGap[]]): GapGroup {
  const [{ reason, operation }] = gaps;
  const details = groupsOf(gaps, detailPattern).map((alike) => {
    const [{ detail }] = alike;
    return { detail, exact: alike.every((gap) => gap.detail === detail) };
  });
  return { reason, operation, gaps, details };
}

function newsFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((one, other) => attentionRank(one) - attentionRank(other));
}

function attentionRank(finding: Finding): number {
  if (isNews(finding)) return 0;
  return finding.transition === "reminded" ? 1 : 2;
}

function newsIn({ findings }: Problem): number {
  return findings.filter(isNews).length;
}

function messagePattern(finding: Finding): string {
  return withoutNames(finding.message, locationNames(finding));
}

function remediationPattern(finding: Finding): string {
  const facts = Object.values(finding.data).filter((fact) => typeof fact === "string");
  return withoutNames(finding.remediation, [...locationNames(finding), ...facts]);
}

function detailPattern(gap: CoverageGap): string {
  return withoutNames(gap.detail, [gap.account, gap.region, ...gap.prefixes]);
}

function locationNames({ account, accountName, region, prefix }: Finding): string[] {
  return [account, accountName, region, prefix].filter((name) => name !== null);
}

/** Collected names longer than this are not looked for: no name that AWS allows is. */
const LONGEST_NAME = 650;

function withoutNames(text: string, names: readonly string[]): string {
  return names
    .filter((name) => name.length > 1 && name.length <= LONGEST_NAME)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, name) => rest.replace(wholeName(name), "\u2026"), text);
}

function wholeName(name: string): RegExp {
  const literal = name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<![A-Za-z0-9_-])${literal}(?![A-Za-z0-9_-])`, "g");
}
