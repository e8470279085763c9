import { causeKey } from "../schemas/count-findings.ts";
import { type Finding, type Severity, type Status, severityRank } from "../schemas/finding.ts";
import type { CoverageGap } from "../schemas/report.ts";
import { isNews } from "./counts.ts";
import type { GapReason } from "./reasons.ts";
import { stepsIn } from "./steps.ts";

/** Findings whose messages are the same except for the account, region and prefix. */
export type Wording = {
  /** The first finding's message. */
  readonly message: string;
  /** Whether all messages are identical; otherwise `message` is an example. */
  readonly exact: boolean;
  readonly findings: readonly Finding[];
};

/** One problem: findings of one check and kind with the same fix. */
export type Problem = {
  readonly status: Status;
  readonly severity: Severity;
  readonly check: string;
  readonly kind: string;
  readonly title: string;
  /** The first finding's remediation. */
  readonly remediation: string;
  /** Whether all remediations are identical; otherwise `remediation` is an example. */
  readonly exactRemediation: boolean;
  /** The first finding's remediation, step by step. */
  readonly steps: Finding["steps"];
  readonly docs: string;
  /** The address of the document of the check. */
  readonly docsUrl: string;
  readonly findings: readonly Finding[];
  /** The distinct messages, the most frequent first. */
  readonly wordings: readonly Wording[];
  /** The title of the problem before this one, if all findings of this one have causes that it has too. */
  readonly sameCauseAs: string | null;
};

/** Coverage gaps with the same reason and operation. */
export type GapGroup = {
  readonly reason: GapReason;
  readonly operation: string;
  readonly gaps: readonly CoverageGap[];
  /** The distinct error texts. Not `exact`: the texts differ in names of accounts, regions or rules. */
  readonly details: readonly { readonly detail: string; readonly exact: boolean }[];
};

/**
 * Groups findings into problems: findings of one check and kind are one problem if their remediations differ only in
 * names and other facts. The worst problems come first; among equally severe ones, those with the most new findings,
 * then those with the most findings. A problem with the same causes as a worse one follows it. Within a problem, new findings come first; otherwise the order stays.
 */
export function groupFindings(findings: readonly Finding[]): Problem[] {
  return problemsBy((finding) => [...kindOf(finding), remediationPattern(finding)], findings);
}

/** Groups findings by check and kind, whatever their remediation: for lists that do not show a remediation. */
export function groupKinds(findings: readonly Finding[]): Problem[] {
  return problemsBy(kindOf, findings);
}

function kindOf({ status, severity, check, kind }: Finding): readonly string[] {
  return [status, severity, check, kind];
}

function problemsBy(key: (finding: Finding) => readonly string[], findings: readonly Finding[]): Problem[] {
  const problems = groupsOf(newsFirst(findings), (finding) => JSON.stringify(key(finding))).map(problemOf);
  return besideTheirCause(
    problems.sort(
      (one, other) =>
        severityRank(one.severity) - severityRank(other.severity) ||
        newsIn(other) - newsIn(one) ||
        other.findings.length - one.findings.length,
    ),
  );
}

/** Puts each problem whose causes a worse problem has too behind that one: whoever removes the cause solves both. */
function besideTheirCause(problems: readonly Problem[]): Problem[] {
  const leaders = new Map<unknown, Problem>();
  const followers = new Map<Problem, Problem[]>();
  for (const problem of problems) {
    const causes = [...new Set(problem.findings.map(causeKey))];
    const [leader] = causes.map((cause) => leaders.get(cause));
    if (leader !== undefined && causes.every((cause) => leaders.get(cause) === leader)) {
      followers.set(leader, [...(followers.get(leader) ?? []), { ...problem, sameCauseAs: leader.title }]);
      continue;
    }
    followers.set(problem, []);
    for (const cause of causes) if (!leaders.has(cause)) leaders.set(cause, problem);
  }
  return [...followers].flatMap(([leader, behind]) => [leader, ...behind]);
}

/** Groups gaps by reason and operation, the most frequent first. */
export function groupGaps(gaps: readonly CoverageGap[]): GapGroup[] {
  return groupsOf(gaps, ({ reason, operation }) => JSON.stringify([reason, operation]))
    .map(gapGroupOf)
    .sort((one, other) => other.gaps.length - one.gaps.length);
}

/** Counts gaps by reason, the most frequent reason first. */
export function gapReasons(gaps: readonly CoverageGap[]): { reason: GapReason; gaps: number }[] {
  return groupsOf(gaps, ({ reason }) => reason)
    .map((alike) => ({ reason: alike[0].reason, gaps: alike.length }))
    .sort((one, other) => other.gaps - one.gaps);
}

/** Groups `items` by `key`, in the order of each group's first item. No group is empty. */
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
  const [{ status, severity, check, kind, title, remediation, docs, docsUrl }] = findings;
  const exactRemediation = findings.every((finding) => finding.remediation === remediation);
  const wordings = groupsOf(findings, messagePattern)
    .map(wordingOf)
    .sort((one, other) => other.findings.length - one.findings.length);
  return {
    status,
    severity,
    check,
    kind,
    title,
    remediation,
    exactRemediation,
    steps: stepsIn(findings[0]),
    docs,
    docsUrl,
    findings,
    wordings,
    sameCauseAs: null,
  };
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

/** Longer than any name that AWS allows: longer collected names are not searched for. */
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
