import { compareValues } from "../../core/order.ts";
import type { LoadedPolicy } from "../../policy/load.ts";
import { auditStatus, failuresIn, summaryOf } from "../../schemas/count-findings.ts";
import { type Finding, type Status, severityRank } from "../../schemas/finding.ts";
import type { NarrowedTo, Report } from "../../schemas/report.ts";
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
  | "narrowedTo"
  | "coverage"
  | "registries"
  | "findings"
  | "drift"
  | "waivers"
  | "lookupFailures"
> & {
  readonly rules: number;
  /** The number of results by status. Those that fail, are unknown or are waived are counted among the findings. */
  readonly counts: Readonly<Record<Status, number>>;
  /** The ids of the checks that the policy does not ask for. */
  readonly notApplied: readonly string[];
};

/** Builds a report: sorts and deduplicates the findings, counts them, and derives the status. */
export function buildReport(parts: ReportParts): Report {
  const { auditId, startedAt, finishedAt, trigger, baseline, policy, coverage, registries } = parts;
  const { narrowedTo, drift, waivers, lookupFailures } = parts;
  const findings = sortFindings(parts.findings);
  const { rules, counts, notApplied } = parts;
  const summary = summaryOf(findings, { rules, findings: counts, notApplied });
  return {
    schemaVersion: 1,
    auditId,
    startedAt,
    finishedAt,
    trigger,
    baseline,
    status: auditStatus(failuresIn(summary), coverage),
    policy,
    narrowedTo,
    coverage,
    registries,
    summary,
    findings,
    drift,
    lookupFailures,
    waivers,
    topics: [],
    previous: null,
    alsoPrevious: [],
    deliveries: [],
    files: [],
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
  { policy, digest, chosenChecks }: LoadedPolicy,
  previous: AuditState | null,
  baseline = false,
): ReportAndNextState {
  const { remindAfterDays, escalate = null } = policy.notifications;
  const { findings, drift, coverage, next } = compare(
    { ...evaluation, auditId, now: startedAt, remindAfterDays, escalate },
    previous,
  );
  const report = buildReport({
    auditId,
    trigger,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    baseline,
    policy: { name: policy.name, digest },
    narrowedTo: narrowedToOf(evaluation.auditScope, chosenChecks ?? null),
    coverage,
    registries: evaluation.registries,
    rules: evaluation.rules,
    counts: evaluation.counts,
    notApplied: checksNotAsked(policy),
    findings: findings.map(findingDescriber(policy, evaluation.accountEmails, startedAt)),
    drift,
    lookupFailures: evaluation.lookupFailures ?? [],
    waivers: evaluation.waivers,
  });
  return { report, next };
}

function narrowedToOf(
  { wholeScope, narrowing: { accounts, regions, prefixes } }: AuditEvaluation["auditScope"],
  checks: readonly string[] | null,
): NarrowedTo | null {
  return wholeScope && checks === null ? null : { accounts, regions, prefixes, checks };
}
