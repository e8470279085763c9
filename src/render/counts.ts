import { type Finding, type Severity, severities, type Transition } from "../schemas/finding.ts";
import { grouped } from "./words.ts";

/** Whether a finding fails now: one that was resolved is listed once more, but fails no longer. */
export function isFailing(finding: Finding): boolean {
  return finding.status === "FAIL" && !isResolved(finding);
}

/** Whether a finding of the audit before is gone. */
export function isResolved(finding: Finding): boolean {
  return finding.transition === "resolved";
}

/** Whether a finding is news: it was opened or changed since the audit before. */
export function isNews(finding: Finding): boolean {
  return finding.transition === "opened" || finding.transition === "changed";
}

/**
 * Whether the audit had a memory to compare with. Where every finding is newly opened it had none (or all
 * was well before), and "new" beside each of them would tell nothing.
 */
export function distinguishesNew(findings: readonly Finding[]): boolean {
  return findings.some(({ transition }) => transition !== null && transition !== "opened");
}

/** What became of findings since the audit before: how many went through each transition. */
export type Changes = Readonly<Record<Transition, number>>;

/** What became of `findings`; `null` where nothing was there to compare. */
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

/** How many of `findings` there are of each severity, worst first, without the empty ones. */
export function bySeverity(findings: readonly Finding[]): { severity: Severity; count: number }[] {
  return severities
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0);
}

/** How many of `findings` there are of each severity, in words: `3 high, 2 medium`. */
export function severityCounts(findings: readonly Finding[]): string {
  return bySeverity(findings)
    .map(({ severity, count }) => `${grouped(count)} ${severity}`)
    .join(", ");
}
