import { countFindings } from "../schemas/count-findings.ts";
import { type Finding, type Severity, severities, type Transition } from "../schemas/finding.ts";
import { grouped } from "./words.ts";

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
  const unchanged = findings.filter(({ transition }) => transition === "unchanged").length;
  return { ...countFindings(findings).transitions, unchanged };
}

/** Counts the failing ones of `findings` by severity, worst first; severities without findings are omitted. */
export function bySeverity(findings: readonly Finding[]): { severity: Severity; count: number }[] {
  const { failing } = countFindings(findings);
  return severities
    .map((severity) => ({ severity, count: failing[severity] }))
    .filter(({ count }) => count > 0);
}

/** Counts the failing ones of `findings` by severity as text: `3 high, 2 medium`. */
export function severityCounts(findings: readonly Finding[]): string {
  return bySeverity(findings)
    .map(({ severity, count }) => `${grouped(count)} ${severity}`)
    .join(", ");
}
