import type { Finding } from "../../schemas/finding.ts";
import type { AuditState } from "../../schemas/state.ts";

/**
 * The state with no time in it that is yet to come, as it has where a machine wrote it whose clock ran ahead. The times
 * that ids of alerts are made of stay as they are: an alert that is repeated must have its id again. Pure.
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
    findings: mapped(state.findings, (known) => ({ ...known, finding: seen(known.finding) })),
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
