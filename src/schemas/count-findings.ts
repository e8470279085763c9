import { makeRecord } from "../core/records.ts";
import { type Finding, severities, statusSchema, transitionSchema } from "./finding.ts";
import type { AuditStatus, Coverage, Summary } from "./report.ts";

/** What identifies how a finding counts. */
type Counted = Pick<Finding, "status" | "severity" | "transition" | "cause">;

/** Whether a finding of the previous audit is resolved. It is still listed once, but is no longer counted as what it was. */
export function isResolved({ transition }: Pick<Finding, "transition">): boolean {
  return transition === "resolved";
}

/** Whether a finding fails now. A stale finding does: nobody has seen that it no longer fails. */
export function isFailing(finding: Pick<Finding, "status" | "transition">): boolean {
  return finding.status === "FAIL" && !isResolved(finding);
}

/** What findings with the same cause have in common. A finding whose cause is not known has one of its own. */
export function causeKey<F extends Pick<Finding, "cause">>(finding: F): string | F {
  return finding.cause?.id ?? finding;
}

/** The figures that follow from the findings of a report. */
export type FindingCounts = Pick<Summary, "failing" | "transitions" | "causes"> & {
  /** By status. Passing findings are counted only as far as they are listed. */
  readonly listed: Summary["findings"];
};

/** Counts findings. Every figure about findings, in every format and message, comes from this function. */
export function countFindings(findings: Iterable<Counted>): FindingCounts {
  const failing = makeRecord<Summary["failing"]>(severities, () => 0);
  const transitions = makeRecord<Summary["transitions"]>(reportedTransitions, () => 0);
  const listed = makeRecord<Summary["findings"]>(statusSchema.options, () => 0);
  const causes = new Set<unknown>();
  for (const finding of findings) {
    const { status, severity, transition } = finding;
    if (transition !== null && transition !== "unchanged") transitions[transition] += 1;
    if (status !== "FAIL" || isFailing(finding)) listed[status] += 1;
    if (!isFailing(finding)) continue;
    failing[severity] += 1;
    causes.add(causeKey(finding));
  }
  return { failing, transitions, causes: causes.size, listed };
}

const reportedTransitions = transitionSchema.exclude(["unchanged"]).options;

/**
 * The figures of an audit whose report lists `findings`. Those that an audit passes over silently, because they pass or
 * do not apply, keep their count.
 */
export function summaryOf(
  findings: Iterable<Counted>,
  rest: Pick<Summary, "rules" | "findings" | "notApplied">,
): Summary {
  const { failing, transitions, causes, listed } = countFindings(findings);
  const { FAIL, UNKNOWN, WAIVED } = listed;
  return {
    rules: rest.rules,
    findings: { ...rest.findings, FAIL, UNKNOWN, WAIVED },
    failing,
    transitions,
    causes,
    notApplied: rest.notApplied,
  };
}

/** The number of failing findings of all severities. */
export function failuresIn({ failing }: Pick<Summary, "failing">): number {
  return severities.reduce((sum, severity) => sum + failing[severity], 0);
}

/** The status of an audit: a failing finding takes precedence over a coverage gap. */
export function auditStatus(failures: number, { gaps }: Pick<Coverage, "gaps">): AuditStatus {
  if (failures > 0) return "non-compliant";
  return gaps.length > 0 ? "incomplete" : "compliant";
}
