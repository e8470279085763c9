import type { Finding } from "../schemas/finding.ts";
import { findingsAndCauses } from "./causes.ts";
import { isNews } from "./counts.ts";
import { counted, dayOf, grouped } from "./words.ts";

/** Says how many findings there are, and where: `7 findings from 6 causes in 4 accounts`. */
export function extentOf(findings: readonly Finding[]): string {
  const accounts = new Set(findings.map(({ account }) => account)).size;
  const count = findingsAndCauses(findings);
  return accounts === 1 ? count : `${count} in ${counted(accounts, "account")}`;
}

/**
 * Says how many findings are new, and since when the oldest exists: `2 new or changed`, `first seen 2026-10-02, 49 days ago`.
 *
 * @param marked whether there is a previous audit to compare with; without it, nothing is said
 */
export function historyOf(findings: readonly Finding[], marked: boolean): readonly string[] {
  if (!marked) return [];
  const news = findings.filter(isNews).length;
  // A single location carries its own mark, and a problem that is entirely new has no history.
  if (news === findings.length) return news === 1 ? [] : ["all new or changed"];
  const oldest = findings
    .map(({ firstSeenAt }) => firstSeenAt)
    .reduce((one, other) => (one < other ? one : other));
  const days = Math.max(0, ...findings.map(({ openDays }) => openDays ?? 0));
  const since = `first seen ${dayOf(oldest)}${days === 0 ? "" : `, ${counted(days, "day")} ago`}`;
  return news === 0 ? [since] : [`${grouped(news)} new or changed`, since];
}
