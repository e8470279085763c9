import type { Finding } from "../../model/finding.ts";
import { cutToClause } from "../escape/cut.ts";
import { groupFindings, type Problem } from "../group.ts";
import { byAccount, placeOfFinding } from "../places.ts";
import { isFailing, isNews, isResolved, tellsNewFromOld } from "../tally.ts";
import type { DigestProblem } from "./machine-schema.ts";
import { short } from "./short.ts";

const MOST_PLACES = 5;
const LONGEST_TEXT = 400;

/**
 * Findings as problems for a digest: those with something to tell, then what was resolved, then what is known
 * since an earlier audit; each worst first. Texts are cut short.
 */
export function digestProblems(findings: readonly Finding[]): DigestProblem[] {
  const marked = tellsNewFromOld(findings);
  const problems = [
    ...groupFindings(findings.filter(isFailing)).map((problem) => digestProblem("failing", problem, marked)),
    ...groupFindings(findings.filter(isResolved)).map((problem) => digestProblem("resolved", problem, false)),
  ];
  return problems.toSorted((one, other) => attentionRank(one) - attentionRank(other));
}

function attentionRank({ outcome, news, reminders }: DigestProblem): number {
  if (news + reminders > 0) return 0;
  return outcome === "resolved" ? 1 : 2;
}

function digestProblem(outcome: DigestProblem["outcome"], problem: Problem, marked: boolean): DigestProblem {
  const { severity, check, kind, title, findings, wordings, remediation, exactRemediation } = problem;
  const [wording, ...others] = wordings;
  const accounts = byAccount(findings.map((finding) => placeOfFinding(finding, marked)));
  return {
    outcome,
    severity,
    check: short(check),
    kind,
    title: short(title),
    message: cutToClause(wording?.message ?? "", LONGEST_TEXT),
    messageIsExample: others.length > 0 || wording?.exact === false,
    remediation: cutToClause(remediation, LONGEST_TEXT),
    remediationIsExample: !exactRemediation,
    findings: findings.length,
    news: marked ? findings.filter(isNews).length : 0,
    reminders: findings.filter(({ transition }) => transition === "reminded").length,
    firstSeenAt: oldest(findings),
    accounts: accounts.length,
    places: accounts
      .slice(0, MOST_PLACES)
      .map(({ account, where }) => ({ account, where: where.map(short) })),
  };
}

function oldest(findings: readonly Finding[]): string {
  return findings.map(({ firstSeenAt }) => firstSeenAt).reduce((one, other) => (one < other ? one : other));
}
