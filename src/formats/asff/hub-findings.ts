import type { Finding } from "../../schemas/finding.ts";

/** How Security Hub shows a finding: as a failure, as an accepted failure, or as closed. */
export type HubState = "failing" | "waived" | "closed";

/** A finding for Security Hub, and how to show it. */
export type HubFinding = { readonly finding: Finding; readonly hubState: HubState };

/**
 * Selects the findings for Security Hub, each once. Findings that never failed are left out, and so are unknown ones: if
 * a finding was open before, the report contains it as stale, and the audit's coverage reports the gap.
 */
export function hubFindings(findings: readonly Finding[]): readonly HubFinding[] {
  return latest(findings).flatMap((finding) => {
    const hubState = hubStateOf(finding);
    return hubState === null ? [] : [{ finding, hubState }];
  });
}

function hubStateOf(finding: Finding): HubState | null {
  const { status, transition } = finding;
  if (status === "WAIVED") return "waived";
  if (transition === "resolved") return "closed";
  if (status === "FAIL") return "failing";
  return status !== "UNKNOWN" && wasOpen(finding) ? "closed" : null;
}

/** Whether an earlier audit saw it first: only open findings are kept in the state between audits. */
function wasOpen({ firstSeenAt, lastSeenAt }: Finding): boolean {
  return firstSeenAt !== lastSeenAt;
}

/**
 * Keeps the latest version of each finding. A notifier that missed an audit gets the findings of that audit as well as the
 * current ones. Of two versions with the same time, the resolved one counts.
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
