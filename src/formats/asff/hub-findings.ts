import type { Finding } from "../../schemas/finding.ts";

/** How Security Hub is to show a finding: as a problem, as one that somebody answers for, or as over. */
export type HubStanding = "failing" | "waived" | "over";

/** A finding that Security Hub is to show, and how. */
export type HubFinding = { readonly finding: Finding; readonly hubStanding: HubStanding };

/**
 * The findings that Security Hub is to show, each once. What never failed is none of its business, and what
 * could not be told is no finding: the one that was open before stands in the report as stale, and the audit's
 * coverage says the rest.
 */
export function hubFindings(findings: readonly Finding[]): readonly HubFinding[] {
  return latest(findings).flatMap((finding) => {
    const hubStanding = hubStandingOf(finding);
    return hubStanding === null ? [] : [{ finding, hubStanding }];
  });
}

function hubStandingOf(finding: Finding): HubStanding | null {
  const { status, transition } = finding;
  if (status === "WAIVED") return "waived";
  if (transition === "resolved") return "over";
  if (status === "FAIL") return "failing";
  return status !== "UNKNOWN" && wasOpen(finding) ? "over" : null;
}

/** Whether it was first seen by an earlier audit: only what is open is remembered from one to the next. */
function wasOpen({ firstSeenAt, lastSeenAt }: Finding): boolean {
  return firstSeenAt !== lastSeenAt;
}

/**
 * Beside what is true now, an outlet that missed an audit is told what was true then: of the same finding the
 * later word counts, and between two of the same time the end.
 */
function latest(findings: readonly Finding[]): readonly Finding[] {
  const byId = new Map<string, Finding>();
  for (const finding of findings) {
    const known = byId.get(finding.id);
    if (known === undefined || isLater(finding, known)) byId.set(finding.id, finding);
  }
  return [...byId.values()];
}

function isLater(finding: Finding, known: Finding): boolean {
  if (finding.lastSeenAt === known.lastSeenAt) return finding.transition === "resolved";
  return Date.parse(finding.lastSeenAt) > Date.parse(known.lastSeenAt);
}
