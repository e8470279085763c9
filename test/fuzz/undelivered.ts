import type { FinalizedAudit } from "../../src/audit/options.ts";
import { parseState } from "../../src/audit/state/state-file.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import type { Simulator } from "../simulator/server.ts";
import { BUCKET, BUS, HOME, HUB, TOPIC } from "./places.ts";
import type { Scenario } from "./scenario.ts";

/** The alerts that an audit had to deliver. */
export type Due = {
  readonly report: FinalizedAudit["report"];
  /** The undelivered alerts of earlier audits. */
  readonly undeliveredBefore: UndeliveredIds;
  /** The number of digests published in this audit. */
  readonly digests: number;
};

/** The IDs of the undelivered alerts in a state, by notifier. */
export type UndeliveredIds = Readonly<Record<string, readonly string[]>>;

/** The undelivered alerts in the state; `null` if there is no state. */
export function undeliveredIn({ objects }: Simulator): UndeliveredIds | null {
  const state = objects.get(BUCKET)?.get("nightly/state.json");
  if (state === undefined) return null;
  const { pending } = parseState(new TextDecoder().decode(state.bytes), "state.json");
  return Object.fromEntries(
    Object.entries(pending).map(([notifier, { findings, drift }]) => {
      return [notifier, [...findings, ...drift].map(({ eventId }) => String(eventId))];
    }),
  );
}

/** The lost alerts of a persisted audit: each notifier must have taken every alert that concerns it, or have it pending. */
export function lostAlertProblems(
  { settings }: Scenario,
  { report, undeliveredBefore, digests }: Due,
  simulator: Simulator,
): readonly string[] {
  const undelivered = undeliveredIn(simulator) ?? {};
  const ofFindings = report.findings.filter(({ eventId }) => eventId !== null);
  const alerts = [...ofFindings, ...report.drift].map(({ eventId }) => String(eventId));
  const lost = (notifier: string, due: readonly string[], took: (id: string) => boolean): readonly string[] =>
    [...due, ...(undeliveredBefore[notifier] ?? [])]
      .filter((id) => !took(id) && undelivered[notifier]?.includes(id) !== true)
      .map((id) => `alert ${id} was neither taken by ${notifier} nor kept as undelivered`);
  const bus = takenByBus(simulator);
  const hub = takenByHub(simulator);
  const idOf = new Map(ofFindings.map(({ eventId, id }) => [eventId, id]));
  return [
    ...(settings["AUDIT_EVENT_BUS"] === undefined
      ? []
      : lost(`event bus ${BUS}`, alerts, (id) => bus.has(id))),
    ...(settings["AUDIT_SECURITY_HUB"] === undefined
      ? []
      : lost(`Security Hub of ${HUB} in ${HOME}`, ofFindings.map(eventIdOf), (id) => {
          const finding = idOf.get(id);
          // Alerts of earlier audits may have reached the hub with a finding of an earlier audit.
          return finding === undefined ? true : hub(`pull-through-auditor/${finding}`, report.finishedAt);
        })),
    ...(settings["AUDIT_TOPIC_ARN"] === undefined
      ? []
      : lost(`SNS topic ${TOPIC}`, ofFindings.map(eventIdOf), () => digests > 0)),
  ];
}

function eventIdOf({ eventId }: Finding): string {
  return String(eventId);
}

function takenByBus({ events }: Simulator): ReadonlySet<string> {
  return new Set(events.map(({ detail }) => String(Object(detail)["eventId"])));
}

function takenByHub({ securityHubFindings }: Simulator) {
  const taken = new Set(securityHubFindings.map(({ Id, UpdatedAt }) => `${Id} ${UpdatedAt}`));
  return (id: string, at: string) => taken.has(`${id} ${at}`);
}
