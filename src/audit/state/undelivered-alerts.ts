import type { Finding } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";
import type { Pending } from "../../schemas/state.ts";
import { countTransitions } from "../report/build-report.ts";

/** Alerts that are owed to outlets, by the outlet's name. */
export type PendingByOutlet = Readonly<Record<string, Pending>>;

/** The alerts in a report. */
export function alertsOf({ findings, drift }: Pending): Pending {
  return { findings: findings.filter(({ eventId }) => eventId !== null), drift };
}

/** The alerts in a report that have one of these ids. */
export function alertsAmong({ findings, drift }: Pending, ids: ReadonlySet<string>): Pending {
  return {
    findings: findings.filter(({ eventId }) => eventId !== null && ids.has(eventId)),
    drift: drift.filter(({ eventId }) => ids.has(eventId)),
  };
}

/** Those of `alerts` that `told` does not hold. */
export function untold(alerts: Pending, told: Pending | undefined): Pending {
  const ids = eventIdsOf(told);
  return {
    findings: alerts.findings.filter(({ eventId }) => eventId !== null && !ids.has(eventId)),
    drift: alerts.drift.filter(({ eventId }) => !ids.has(eventId)),
  };
}

/** Both lists of alerts, each alert once. */
export function bothOf(some: Pending | undefined, more: Pending): Pending {
  const others = untold(more, some);
  return {
    findings: [...(some?.findings ?? []), ...others.findings],
    drift: [...(some?.drift ?? []), ...others.drift],
  };
}

/** Whether nothing is owed. */
export function isNothing({ findings, drift }: Pending): boolean {
  return findings.length === 0 && drift.length === 0;
}

/** The report with the alerts that an outlet could not be told before, under the ids they had then. Pure. */
export function withPending(report: Report, pending: Pending | undefined): Report {
  if (pending === undefined) return report;
  const owed = untold(pending, alertsOf(report));
  const owedById = new Map(owed.findings.map((finding) => [finding.id, finding]));
  const current = report.findings.map((finding) => asOwed(finding, owedById.get(finding.id)));
  const past = untold(owed, alertsOf({ findings: current, drift: [] })).findings;
  const findings = [...current, ...past];
  return {
    ...report,
    findings,
    drift: [...owed.drift, ...report.drift],
    summary: { ...report.summary, transitions: countTransitions(findings) },
  };
}

/** A finding of which there is nothing newer to tell is told as it was owed. */
function asOwed(finding: Finding, owed: Finding | undefined): Finding {
  if (owed === undefined || finding.eventId !== null || finding.status !== owed.status) return finding;
  return { ...finding, transition: owed.transition, eventId: owed.eventId };
}

function eventIdsOf(alerts: Pending | undefined): ReadonlySet<string> {
  const all = [...(alerts?.findings ?? []), ...(alerts?.drift ?? [])];
  return new Set(all.flatMap(({ eventId }) => eventId ?? []));
}
