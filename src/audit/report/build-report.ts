import { compareValues } from "../../core/order.ts";
import type { LoadedPolicy } from "../../policy/load.ts";
import { type Finding, type Status, type severities, severityRank } from "../../schemas/finding.ts";
import type { AuditStatus, Coverage, Report, Summary } from "../../schemas/report.ts";
import type { AuditState } from "../../schemas/state.ts";
import { type Comparison, compare } from "../compare/compare.ts";
import type { AuditEvaluation } from "../evaluate/accumulator.ts";
import { checksNotAsked } from "../evaluate/checks-asked.ts";
import { findingDescriber } from "./describe-findings.ts";

/** The parts of a report that buildReport does not derive. */
export type ReportParts = Pick<
  Report,
  | "auditId"
  | "startedAt"
  | "finishedAt"
  | "trigger"
  | "baseline"
  | "policy"
  | "coverage"
  | "registries"
  | "findings"
  | "drift"
  | "waivers"
> & {
  readonly rules: number;
  /** The number of results by status, including those that are not among the findings. */
  readonly counts: Readonly<Record<Status, number>>;
  /** The ids of the checks that the policy does not ask for. */
  readonly notApplied: readonly string[];
};

/** Builds a report: sorts and deduplicates the findings, counts them, and derives the status. */
export function buildReport(parts: ReportParts): Report {
  const { auditId, startedAt, finishedAt, trigger, baseline, policy, coverage, registries } = parts;
  const { drift, waivers } = parts;
  const findings = sortFindings(parts.findings);
  return {
    schemaVersion: 1,
    auditId,
    startedAt,
    finishedAt,
    trigger,
    baseline,
    status: auditStatus(findings, coverage),
    policy,
    coverage,
    registries,
    summary: summarize(findings, parts),
    findings,
    drift,
    waivers,
  };
}

/** The findings in the report's order, each ID once. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return [...byId.values()].sort(
    (a, b) =>
      severityRank(a.severity) - severityRank(b.severity) ||
      compareValues(a.account, b.account) ||
      compareValues(a.region, b.region) ||
      compareValues(a.prefix ?? "", b.prefix ?? "") ||
      compareValues(a.check, b.check) ||
      compareValues(a.id, b.id),
  );
}

/** A failing finding takes precedence over a coverage gap. */
function auditStatus(findings: readonly Finding[], coverage: Coverage): AuditStatus {
  if (findings.some(({ status }) => status === "FAIL")) return "non-compliant";
  return coverage.gaps.length > 0 ? "incomplete" : "compliant";
}

function summarize(
  findings: readonly Finding[],
  { rules, counts, notApplied }: Pick<ReportParts, "rules" | "counts" | "notApplied">,
): Summary {
  const failing = findings.filter(({ status }) => status === "FAIL");
  const failingOf = (severity: Finding["severity"]) => failing.filter((f) => f.severity === severity).length;
  return {
    rules,
    findings: { ...counts },
    failing: {
      critical: failingOf("critical"),
      high: failingOf("high"),
      medium: failingOf("medium"),
      low: failingOf("low"),
      informational: failingOf("informational"),
    } satisfies Record<(typeof severities)[number], number>,
    transitions: countTransitions(findings),
    causes: countCauses(failing),
    notApplied,
  };
}

/** The number of different causes. A finding without a known cause is one of its own. */
export function countCauses(findings: readonly Pick<Finding, "id" | "cause">[]): number {
  return new Set(findings.map(({ id, cause }) => cause?.id ?? id)).size;
}

/** The number of findings by transition. */
export function countTransitions(findings: readonly Finding[]): Summary["transitions"] {
  const count = (transition: Finding["transition"]) =>
    findings.filter((finding) => finding.transition === transition).length;
  return {
    opened: count("opened"),
    changed: count("changed"),
    resolved: count("resolved"),
    reminded: count("reminded"),
  };
}

/** What identifies an audit: ID, trigger and times. */
export type ReportHead = Pick<Report, "auditId" | "trigger"> & {
  readonly startedAt: Date;
  readonly finishedAt: Date;
};

/** A report and the next state. */
type ReportAndNextState = { readonly report: Report; readonly next: Comparison["next"] };

/**
 * Compares an evaluation with the previous state and builds the report. Pure.
 *
 * @param previous `null` if there is no state: all failures count as opened
 * @param baseline whether this is the first audit of a store
 */
export function buildComparedReport(
  evaluation: AuditEvaluation,
  { auditId, trigger, startedAt, finishedAt }: ReportHead,
  { policy, digest }: LoadedPolicy,
  previous: AuditState | null,
  baseline = false,
): ReportAndNextState {
  const remindAfterDays = policy.notifications.remindAfterDays ?? null;
  const { findings, drift, coverage, next } = compare(
    { ...evaluation, auditId, now: startedAt, remindAfterDays },
    previous,
  );
  const report = buildReport({
    auditId,
    trigger,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    baseline,
    policy: { name: policy.name, digest },
    coverage,
    registries: evaluation.registries,
    rules: evaluation.rules,
    counts: evaluation.counts,
    notApplied: checksNotAsked(policy),
    findings: findings.map(findingDescriber(policy, evaluation.accountEmails, startedAt)),
    drift,
    waivers: evaluation.waivers,
  });
  return { report, next };
}
