import type { Finding } from "../../schemas/finding.ts";
import type { AuditState } from "../../schemas/state.ts";

/**
 * Replaces future times in a state by `now`. A host whose clock runs ahead writes such times. The times that alert IDs
 * are derived from stay unchanged: a repeated alert must have the same ID. Pure.
 */
export function clamped(state: AuditState, now: Date): AuditState {
  const today = now.toISOString();
  const past = (time: string): string => (Date.parse(time) > now.getTime() ? today : time);
  const seen = <Times extends Pick<Finding, "firstSeenAt" | "lastSeenAt">>(times: Times): Times => {
    const [firstSeenAt, lastSeenAt] = [past(times.firstSeenAt), past(times.lastSeenAt)];
    const isPast = firstSeenAt === times.firstSeenAt && lastSeenAt === times.lastSeenAt;
    return isPast ? times : { ...times, firstSeenAt, lastSeenAt };
  };
  return {
    ...state,
    findings: mapped(state.findings, (known) => ({
      ...known,
      ...(known.passesSince === undefined ? {} : { passesSince: past(known.passesSince) }),
      finding: seen(known.finding),
    })),
    waived: mapped(state.waived, (waived) => ({ ...waived, firstSeenAt: past(waived.firstSeenAt) })),
    pending: mapped(state.pending, (owed) => ({ ...owed, findings: owed.findings.map(seen) })),
    history: state.history.map((audit) => ({
      ...audit,
      startedAt: past(audit.startedAt),
      finishedAt: past(audit.finishedAt),
    })),
  };
}

function mapped<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
