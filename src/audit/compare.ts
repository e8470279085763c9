import type { Finding } from "../model/finding.ts";
import type { EvaluatedFinding } from "./tally.ts";

/** The findings of an audit that remembers nothing: whatever fails counts as opened now. */
export function asFirstSeen(findings: readonly EvaluatedFinding[], now: Date): readonly Finding[] {
  const seenAt = now.toISOString();
  return findings.map((finding) => ({
    ...finding,
    firstSeenAt: seenAt,
    lastSeenAt: seenAt,
    transition: finding.status === "FAIL" ? ("opened" as const) : null,
    eventId: null,
    stale: false,
  }));
}
