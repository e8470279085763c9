import type { Finding } from "../../model/finding.ts";
import type { AuditState, WaivedFinding } from "../../model/state.ts";
import type { Fate } from "./sight.ts";

/** By finding id. */
type WaivedFindings = AuditState["waived"];

/**
 * The waived findings to remember: those of this audit, and of those before what it did not look at or could not
 * see. Pure.
 *
 * @param findings what the audit shows, with when each was first seen
 * @param fateOf what became of an earlier finding that the audit did not find again
 */
export function stillWaived(
  findings: readonly Finding[],
  earlier: WaivedFindings,
  fateOf: (earlier: WaivedFinding) => Fate,
): WaivedFindings {
  const answered = new Set(findings.filter(({ status }) => status !== "UNKNOWN").map(({ id }) => id));
  const unseen = Object.entries(earlier).filter(
    ([id, finding]) => !answered.has(id) && isStillThere(fateOf(finding)),
  );
  const seen = findings
    .filter(({ status }) => status === "WAIVED")
    .map(({ id, account, region, check, prefix, firstSeenAt }) => {
      return [id, { account, region, check, prefix, firstSeenAt }] as const;
    });
  return Object.fromEntries([...unseen, ...seen]);
}

function isStillThere(fate: Fate): boolean {
  return fate === "not-looked-at" || fate === "not-seen";
}
