import type { FinalizedAudit } from "../../src/audit/options.ts";
import { parseState } from "../../src/audit/state/state-file.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import type { Drift } from "../../src/schemas/report.ts";
import type { Simulator } from "../simulator/server.ts";
import { BUCKET, BUS, HOME, HUB, TOPIC } from "./places.ts";
import type { Scenario } from "./scenario.ts";

/** The alerts that an audit had to deliver. */
export type Due = {
  readonly report: FinalizedAudit["report"];
  /** The undelivered alerts of earlier audits. */
  readonly undeliveredBefore: UndeliveredAlerts;
  /** The number of digests published in this audit. */
  readonly digests: number;
};

/** An alert, and the finding that it is about; `null` for a changed rule. */
type Alert = { readonly eventId: string; readonly finding: string | null };

/** The undelivered alerts in a state, by notifier. */
export type UndeliveredAlerts = Readonly<Record<string, readonly Alert[]>>;

/** The undelivered alerts in the state; `null` if there is no state. */
export function undeliveredIn({ objects }: Simulator): UndeliveredAlerts | null {
  const state = objects.get(BUCKET)?.get("nightly/state.json");
  if (state === undefined) return null;
  const { pending } = parseState(new TextDecoder().decode(state.bytes), "state.json");
  return Object.fromEntries(
    Object.entries(pending).map(([notifier, { findings, drift }]) => {
      return [notifier, [...findings.map(alertOf), ...drift.map(alertOfDrift)]];
    }),
  );
}

/**
 * The lost alerts of a persisted audit: each notifier must have taken every alert that concerns it, or have it pending,
 * or have taken a newer one about the same finding.
 */
export function lostAlertProblems(
  { settings }: Scenario,
  { report, undeliveredBefore, digests }: Due,
  simulator: Simulator,
): readonly string[] {
  const undelivered = undeliveredIn(simulator) ?? {};
  const ofFindings = report.findings.filter(({ eventId }) => eventId !== null);
  const due = ofFindings.map(alertOf);
  const alerts = [...due, ...report.drift.map(alertOfDrift)];
  const lost = (
    notifier: string,
    news: readonly Alert[],
    took: (id: string) => boolean,
  ): readonly string[] => {
    const kept = new Set(undelivered[notifier]?.map(({ eventId }) => eventId));
    const isThere = ({ eventId }: Alert) => took(eventId) || kept.has(eventId);
    const newer = new Set(news.filter(({ eventId }) => took(eventId)).map(({ finding }) => finding));
    const owed = (undeliveredBefore[notifier] ?? []).filter(
      ({ finding }) => finding === null || !newer.has(finding),
    );
    return [...news, ...owed]
      .filter((alert) => !isThere(alert))
      .map(({ eventId }) => `alert ${eventId} was neither taken by ${notifier} nor kept as undelivered`);
  };
  const bus = takenByBus(simulator);
  const hub = takenByHub(simulator);
  const idOf = new Map(ofFindings.map(({ eventId, id }) => [eventId, id]));
  return [
    ...(settings["AUDIT_EVENT_BUS"] === undefined
      ? []
      : lost(`event bus ${BUS}`, alerts, (id) => bus.has(id))),
    ...(settings["AUDIT_SECURITY_HUB"] === undefined
      ? []
      : lost(`Security Hub of ${HUB} in ${HOME}`, due, (id) => {
          const finding = idOf.get(id);
          // Alerts of earlier audits may have reached the hub with a finding of an earlier audit.
          return finding === undefined ? true : hub(`pull-through-auditor/${finding}`, report.finishedAt);
        })),
    ...(settings["AUDIT_TOPIC_ARN"] === undefined ? [] : lost(`SNS topic ${TOPIC}`, due, () => digests > 0)),
  ];
}

function alertOf({ eventId, id }: Pick<Finding, "eventId" | "id">): Alert {
  return { eventId: String(eventId), finding: id };
}

function alertOfDrift({ eventId }: Pick<Drift, "eventId">): Alert {
  return { eventId, finding: null };
}

function takenByBus({ events }: Simulator): ReadonlySet<string> {
  return new Set(events.map(({ detail }) => String(Object(detail)["eventId"])));
}

function takenByHub({ securityHubFindings }: Simulator) {
  const taken = new Set(securityHubFindings.map(({ Id, UpdatedAt }) => `${Id} ${UpdatedAt}`));
  return (id: string, at: string) => taken.has(`${id} ${at}`);
}
