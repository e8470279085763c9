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

/**
 * What a notifier is still owed, of alerts from old to new. An alert is no longer owed once a newer one about the same
 * finding was delivered: delivered after it, the older one would be the last word, and false.
 */
export function stillOwed(alerts: UndeliveredAlerts, delivered: UndeliveredAlerts): UndeliveredAlerts {
  const taken = eventIdsOf(delivered);
  const lastTaken = new Map(
    alerts.findings.flatMap(({ id, eventId }, index) =>
      eventId !== null && taken.has(eventId) ? [[id, index] as const] : [],
    ),
  );
  const newer = alerts.findings.filter(({ id }, index) => index >= (lastTaken.get(id) ?? 0));
  return undelivered({ ...alerts, findings: newer }, delivered);
}

/** The report with only the newest alert about each finding, for a message that is read as a whole. */
export function withNewestAlerts(report: Report): Report {
  return { ...report, findings: newestOf(report.findings) };
}

/** The last of the findings with the same id. */
function newestOf(findings: readonly Finding[]): readonly Finding[] {
  const newest = new Map(findings.map((finding) => [finding.id, finding]));
  return newest.size === findings.length ? findings : findings.filter((one) => newest.get(one.id) === one);
}

/** The report with a notifier's undelivered alerts, under their original IDs, before newer ones. Pure. */
export function withUndelivered(report: Report, pending: UndeliveredAlerts | undefined): Report {
  if (pending === undefined) return report;
  const earlier = undelivered(pending, alertsOf(report));
  const earlierById = new Map(earlier.findings.map((finding) => [finding.id, finding]));
  const current = report.findings.map((finding) => withAlert(finding, earlierById.get(finding.id)));
  const past = undelivered(earlier, alertsOf({ findings: current, drift: [] })).findings;
  const findings = [...past, ...current];
  const summary = summaryOf(newestOf(findings), report.summary);
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
