import { byteLength } from "../../core/bytes.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { reportAccess } from "../../render/addresses.ts";
import { byAttention } from "../../render/attention.ts";
import { ownersText, sharedCauseTexts } from "../../render/causes.ts";
import { changersText } from "../../render/changed-by.ts";
import { changesIn, distinguishesNew, isNews } from "../../render/counts.ts";
import { cutToClause, fitting } from "../../render/escape/cut.ts";
import { safeJson } from "../../render/escape/json.ts";
import { mostReturns } from "../../render/flapping.ts";
import { gapReasons, groupFindings, groupKinds, type Problem } from "../../render/group.ts";
import { byAccount, locationsOf } from "../../render/locations.ts";
import { briefGap } from "../../render/reasons.ts";
import { verdictOf } from "../../render/verdict.ts";
import type { DeliveryOptions } from "../../render/words.ts";
import { countFindings } from "../../schemas/count-findings.ts";
import type { ChangedBy, Finding } from "../../schemas/finding.ts";
import type { Coverage, Drift, Report, WaiverNotice } from "../../schemas/report.ts";
import { headline, rankedFindings, short, shortOrNull } from "./headline.ts";
import type { DigestProblem, MachineDigest } from "./machine-schema.ts";

/** Shortens a finding: omits fields for which the digest has no room, and cuts its texts. */
function briefFinding(finding: Finding): MachineDigest["findings"][number] {
  const { id, check, kind, status, severity, account, region } = finding;
  const { transition, eventId, stale, firstSeenAt, owner, cause, openDays, changedBy } = finding;
  return {
    id,
    check: short(check),
    kind,
    status,
    severity,
    account,
    accountName: shortOrNull(finding.accountName),
    region,
    prefix: shortOrNull(finding.prefix),
    title: short(finding.title),
    message: short(finding.message),
    transition,
    eventId,
    stale,
    firstSeenAt,
    owner: owner === null ? null : { name: short(owner.name), contact: shortOrNull(owner.contact) },
    cause: cause === null ? null : { ...cause, subject: short(cause.subject) },
    openDays,
    changedBy: briefChanger(changedBy),
  };
}

/** Cuts the texts about who made a change. */
function briefChanger(by: ChangedBy | null): ChangedBy | null {
  if (by === null) return null;
  return {
    arn: short(by.arn),
    sessionName: shortOrNull(by.sessionName),
    at: short(by.at),
    sourceIp: shortOrNull(by.sourceIp),
    eventId: short(by.eventId),
  };
}

/** Cuts the texts of a changed rule. */
function briefDrift(drift: Drift): Drift {
  const { before, after } = drift;
  return {
    ...drift,
    prefix: short(drift.prefix),
    before: before === null ? null : briefRule(before),
    after: after === null ? null : briefRule(after),
    changedBy: briefChanger(drift.changedBy),
  };
}

function briefRule(rule: PullThroughCacheRule): PullThroughCacheRule {
  return {
    ...rule,
    ecrRepositoryPrefix: short(rule.ecrRepositoryPrefix),
    upstreamRegistryUrl: short(rule.upstreamRegistryUrl),
    upstreamRegistry: shortOrNull(rule.upstreamRegistry),
    upstreamRepositoryPrefix: short(rule.upstreamRepositoryPrefix),
    credentialArn: shortOrNull(rule.credentialArn),
    customRoleArn: shortOrNull(rule.customRoleArn),
  };
}

/** Cuts the texts of a waiver notice. */
function briefNotice({ check, reason, owner, ticket, expires }: WaiverNotice): WaiverNotice {
  return {
    check: short(check),
    reason: short(reason),
    owner: short(owner),
    ticket: shortOrNull(ticket),
    expires: short(expires),
  };
}

const MOST_LOCATIONS = 5;
const LONGEST_TEXT = 400;
const MOST_STEPS = 4;
const LONGEST_COMMAND_BYTES = 900;

/**
 * Groups findings into problems for a digest: new, resolved, due a reminder, and known from earlier audits; each worst
 * first. Texts are cut.
 */
function digestProblems(findings: readonly Finding[]): DigestProblem[] {
  const marked = distinguishesNew(findings);
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
  const { severity, check, kind, title, findings, wordings, remediation, exactRemediation, steps } = problem;
  const [wording, ...others] = wordings;
  const accounts = byAccount(locationsOf(findings, { marked }));
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
    steps: outcome === "failing" ? briefSteps(steps) : [],
    findings: findings.length,
    news: marked ? findings.filter(isNews).length : 0,
    reminders: findings.filter(({ transition }) => transition === "reminded").length,
    firstSeenAt: oldest(findings),
    accounts: accounts.length,
    causes: countFindings(findings).causes,
    sharedCauses: sharedCauseTexts(findings).map(short),
    flapping: mostReturns(findings),
    sameCauseAs: shortOrNull(problem.sameCauseAs),
    owners: ownersText(findings),
    changers: changersText(findings),
    places: accounts
      .slice(0, MOST_LOCATIONS)
      .map(({ account, where }) => ({ account, where: where.map(short) })),
  };
}

/** A command is whole or left out. */
function briefSteps(steps: Problem["steps"]): DigestProblem["steps"] {
  return steps.slice(0, MOST_STEPS).map(({ text, commands }) => ({
    text: cutToClause(text, LONGEST_TEXT),
    commands: commands.filter((command) => byteLength(command) <= LONGEST_COMMAND_BYTES),
  }));
}

function oldest(findings: readonly Finding[]): string {
  return findings.map(({ firstSeenAt }) => firstSeenAt).reduce((one, other) => (one < other ? one : other));
}

/** The maximum size of each list in the SNS message, in bytes as encoded there: JSON inside JSON. */
const bytes = { problems: 28_000, findings: 48_000, gaps: 16_000, drift: 8_000, waivers: 2_000 } as const;

/**
 * Renders the digest as compact JSON, for Lambda functions and queues: figures, problems as text, coverage with the first
 * gaps, and as many findings as fit, worst first. What did not fit is counted.
 */
export function machineDigest(report: Report, options: DeliveryOptions): string {
  return safeJson(digestOf(report, options));
}

function digestOf(report: Report, { reportLocation }: DeliveryOptions): MachineDigest {
  const { schemaVersion, auditId, startedAt, finishedAt, status, baseline, policy, summary } = report;
  const ranked = rankedFindings(report.findings);
  const problems = digestProblems(report.findings);
  const delivered = {
    problems: withinJson(problems, bytes.problems),
    findings: withinJson(ranked.map(briefFinding), bytes.findings),
    drift: withinJson(report.drift.map(briefDrift), bytes.drift),
  };
  return {
    product: "pull-through-auditor",
    schemaVersion,
    auditId,
    startedAt,
    finishedAt,
    status,
    baseline,
    headline: headline(report),
    verdict: verdictOf(report),
    policy: { name: short(policy.name), digest: short(policy.digest) },
    summary,
    changes: changesIn(report.findings),
    coverage: briefCoverage(report.coverage),
    problems: delivered.problems,
    problemsOmitted: problems.length - delivered.problems.length,
    findings: delivered.findings,
    omitted: ranked.length - delivered.findings.length,
    drift: delivered.drift,
    driftOmitted: report.drift.length - delivered.drift.length,
    waivers: briefWaivers(report.waivers),
    report: { location: shortOrNull(reportLocation), ...reportAccess(report, reportLocation) },
  };
}

function briefCoverage(coverage: Coverage): MachineDigest["coverage"] {
  const { planned, audited, partial, unreachable, excluded, dropped, repositories } = coverage;
  const gaps = withinJson(coverage.gaps.map(briefGap), bytes.gaps);
  const gapsOmitted = coverage.gaps.length - gaps.length;
  const reasons = gapReasons(coverage.gaps);
  const figures = { planned, audited, partial, unreachable, excluded, dropped };
  return { ...figures, ...(repositories === undefined ? {} : { repositories }), reasons, gaps, gapsOmitted };
}

function briefWaivers({ expired, expiring, unused }: Report["waivers"]): MachineDigest["waivers"] {
  const brief = (notices: readonly WaiverNotice[]) => withinJson(notices.map(briefNotice), bytes.waivers);
  const delivered = { expired: brief(expired), expiring: brief(expiring), unused: brief(unused) };
  const all = expired.length + expiring.length + unused.length;
  return {
    ...delivered,
    omitted: all - delivered.expired.length - delivered.expiring.length - delivered.unused.length,
  };
}

function withinJson<Item>(items: readonly Item[], limit: number): readonly Item[] {
  return fitting(items, limit, (item) => byteLength(safeJson(safeJson(item))));
}
