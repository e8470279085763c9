import type { Finding } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";
import type { UndeliveredAlerts } from "../../schemas/state.ts";
import { countTransitions } from "../report/build-report.ts";

/** Alerts that are owed to outlets, by the outlet's name. */
export type UndeliveredByNotifier = Readonly<Record<string, UndeliveredAlerts>>;

/** The alerts in a report. */
export function alertsOf({ findings, drift }: UndeliveredAlerts): UndeliveredAlerts {
  return { findings: findings.filter(({ eventId }) => eventId !== null), drift };
}

/** The alerts in a report that have one of these ids. */
export function alertsAmong(
  { findings, drift }: UndeliveredAlerts,
  ids: ReadonlySet<string>,
): UndeliveredAlerts {
  return {
    findings: findings.filter(({ eventId }) => eventId !== null && ids.has(eventId)),
    drift: drift.filter(({ eventId }) => ids.has(eventId)),
  };
}

/** Those of `alerts` that `told` does not hold. */
export function undelivered(
  alerts: UndeliveredAlerts,
  delivered: UndeliveredAlerts | undefined,
): UndeliveredAlerts {
  const ids = eventIdsOf(delivered);
  return {
    findings: alerts.findings.filter(({ eventId }) => eventId !== null && !ids.has(eventId)),
    drift: alerts.drift.filter(({ eventId }) => !ids.has(eventId)),
  };
}

/** Both lists of alerts, each alert once. */
export function bothOf(some: UndeliveredAlerts | undefined, more: UndeliveredAlerts): UndeliveredAlerts {
  const others = undelivered(more, some);
  return {
    findings: [...(some?.findings ?? []), ...others.findings],
    drift: [...(some?.drift ?? []), ...others.drift],
  };
}

/** Whether nothing is owed. */
export function isNothing({ findings, drift }: UndeliveredAlerts): boolean {
  return findings.length === 0 && drift.length === 0;
}

/** The report with the alerts that an outlet could not be told before, under the ids they had then. Pure. */
export function withUndelivered(report: Report, pending: UndeliveredAlerts | undefined): Report {
  if (pending === undefined) return report;
  const owed = undelivered(pending, alertsOf(report));
  const owedById = new Map(owed.findings.map((finding) => [finding.id, finding]));
  const current = report.findings.map((finding) => asOwed(finding, owedById.get(finding.id)));
  const past = undelivered(owed, alertsOf({ findings: current, drift: [] })).findings;
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

function eventIdsOf(alerts: UndeliveredAlerts | undefined): ReadonlySet<string> {
  const all = [...(alerts?.findings ?? []), ...(alerts?.drift ?? [])];
  return new Set(all.flatMap(({ eventId }) => eventId ?? []));
}
