import { type Finding, type Severity, severities, type Transition } from "../schemas/finding.ts";
import { grouped } from "./words.ts";

/** Whether a finding fails now. A resolved finding is still listed once, but no longer fails. */
export function isFailing(finding: Finding): boolean {
  return finding.status === "FAIL" && !isResolved(finding);
}

/** Whether a finding of the previous audit is resolved. */
export function isResolved(finding: Finding): boolean {
  return finding.transition === "resolved";
}

/** Whether a finding was opened or changed since the previous audit. */
export function isNews(finding: Finding): boolean {
  return finding.transition === "opened" || finding.transition === "changed";
}

/**
 * Whether it is useful to mark findings as new. If every finding was just opened, the audit had no state to
 * compare with (or nothing failed before), and marking each one as new would say nothing.
 */
export function distinguishesNew(findings: readonly Finding[]): boolean {
  return findings.some(({ transition }) => transition !== null && transition !== "opened");
}

/** How many findings went through each transition since the previous audit. */
export type Changes = Readonly<Record<Transition, number>>;

/** Counts the transitions of `findings`; `null` if there is nothing to compare with. */
export function changesIn(findings: readonly Finding[]): Changes | null {
  if (!distinguishesNew(findings)) return null;
  const count = (transition: Transition) =>
    findings.filter((finding) => finding.transition === transition).length;
  return {
    opened: count("opened"),
    changed: count("changed"),
    resolved: count("resolved"),
    reminded: count("reminded"),
    unchanged: count("unchanged"),
  };
}

/** Counts `findings` by severity, worst first; severities without findings are omitted. */
export function bySeverity(findings: readonly Finding[]): { severity: Severity; count: number }[] {
  return severities
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0);
}

/** Counts `findings` by severity as text: `3 high, 2 medium`. */
export function severityCounts(findings: readonly Finding[]): string {
  return bySeverity(findings)
    .map(({ severity, count }) => `${grouped(count)} ${severity}`)
    .join(", ");
}
