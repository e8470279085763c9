import { auditStatus, failuresIn, summaryOf } from "../../schemas/count-findings.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";
import type { UndeliveredAlerts } from "../../schemas/state.ts";
import { undescribed } from "../report/describe-findings.ts";

/** Undelivered alerts, by the name of the notifier. */
export type UndeliveredByNotifier = Readonly<Record<string, UndeliveredAlerts>>;

/** The alerts in a report, as the state keeps them. */
export function alertsOf({ findings, drift }: UndeliveredAlerts): UndeliveredAlerts {
  return { findings: undescribed(findings.filter(({ eventId }) => eventId !== null)), drift };
}

/** Undelivered alerts as a report shows them. */
export function describedPending(
  pending: UndeliveredByNotifier,
  describe: (finding: Finding) => Finding,
): UndeliveredByNotifier {
  return Object.fromEntries(
    Object.entries(pending).map(([notifier, { findings, drift }]) => [
      notifier,
      { findings: findings.map(describe), drift },
    ]),
  );
}

/** The alerts in a report that have one of these IDs. */
export function alertsAmong(
  { findings, drift }: UndeliveredAlerts,
  ids: ReadonlySet<string>,
): UndeliveredAlerts {
  return {
    findings: findings.filter(({ eventId }) => eventId !== null && ids.has(eventId)),
    drift: drift.filter(({ eventId }) => ids.has(eventId)),
  };
}

/** Those of `alerts` that are not in `delivered`. */
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

/** The union of two lists of alerts. */
export function bothOf(some: UndeliveredAlerts | undefined, more: UndeliveredAlerts): UndeliveredAlerts {
  const others = undelivered(more, some);
  return {
    findings: [...(some?.findings ?? []), ...others.findings],
    drift: [...(some?.drift ?? []), ...others.drift],
  };
}

/** Whether there are no alerts. */
export function isNothing({ findings, drift }: UndeliveredAlerts): boolean {
  return findings.length === 0 && drift.length === 0;
}

/** The report with a notifier's undelivered alerts, under their original IDs. Pure. */
export function withUndelivered(report: Report, pending: UndeliveredAlerts | undefined): Report {
  if (pending === undefined) return report;
  const earlier = undelivered(pending, alertsOf(report));
  const earlierById = new Map(earlier.findings.map((finding) => [finding.id, finding]));
  const current = report.findings.map((finding) => withAlert(finding, earlierById.get(finding.id)));
  const past = undelivered(earlier, alertsOf({ findings: current, drift: [] })).findings;
  const findings = [...current, ...past];
  const summary = summaryOf(findings, report.summary);
  return {
    ...report,
    findings,
    drift: [...earlier.drift, ...report.drift],
    status: auditStatus(failuresIn(summary), report.coverage),
    summary,
  };
}

/** A finding without a newer alert gets its undelivered one. */
function withAlert(finding: Finding, earlier: Finding | undefined): Finding {
  if (earlier === undefined || finding.eventId !== null || finding.status !== earlier.status) return finding;
  return { ...finding, transition: earlier.transition, eventId: earlier.eventId };
}

function eventIdsOf(alerts: UndeliveredAlerts | undefined): ReadonlySet<string> {
  const all = [...(alerts?.findings ?? []), ...(alerts?.drift ?? [])];
  return new Set(all.flatMap(({ eventId }) => eventId ?? []));
}
