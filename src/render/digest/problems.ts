import type { Finding } from "../../model/finding.ts";
import { byAttention } from "../attention.ts";
import { cutToClause } from "../escape/cut.ts";
import { groupFindings, groupKinds, type Problem } from "../group.ts";
import { byAccount, placeOfFinding } from "../places.ts";
import { isNews, tellsNewFromOld } from "../tally.ts";
import type { DigestProblem } from "./machine-schema.ts";
import { short } from "./short.ts";

const MOST_PLACES = 5;
const LONGEST_TEXT = 400;

/**
 * Findings as problems for a digest: what is news, what was resolved, what is due a reminder, and what is known
 * since earlier audits; each worst first. Texts are cut short.
 */
export function digestProblems(findings: readonly Finding[]): DigestProblem[] {
  const marked = tellsNewFromOld(findings);
  const { news, resolved, reminded, known } = byAttention(findings);
  const failing = (problem: Problem) => digestProblem("failing", problem, marked);
  return [
    ...groupFindings(news).map(failing),
    ...groupKinds(resolved).map((problem) => digestProblem("resolved", problem, false)),
    ...groupFindings(reminded).map(failing),
    ...groupKinds(known).map(failing),
  ];
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
