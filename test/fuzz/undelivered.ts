import type { FinalizedAudit } from "../../src/audit/options.ts";
import { parseState } from "../../src/audit/state/state-file.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import type { Simulator } from "../simulator/server.ts";
import { BUCKET, BUS, HOME, HUB, TOPIC } from "./places.ts";
import type { Scenario } from "./scenario.ts";

/** What an audit had to tell, and what was known to be owed before it. */
export type Due = {
  readonly report: FinalizedAudit["report"];
  readonly owedBefore: Owed;
  /** How many digests were published in this audit. */
  readonly digests: number;
};

/** The ids of the alerts that the state says are owed, by outlet. */
export type Owed = Readonly<Record<string, readonly string[]>>;

/** What the state owes to outlets; `null` when there is no state. */
export function owedIn({ objects }: Simulator): Owed | null {
  const state = objects.get(BUCKET)?.get("nightly/state.json");
  if (state === undefined) return null;
  const { pending } = parseState(new TextDecoder().decode(state.bytes), "state.json");
  return Object.fromEntries(
    Object.entries(pending).map(([notifier, { findings, drift }]) => {
      return [notifier, [...findings, ...drift].map(({ eventId }) => String(eventId))];
    }),
  );
}

/** Of an audit that was remembered: every alert was taken by each outlet that it concerns, or is owed to it. */
export function debtProblems(
  { settings }: Scenario,
  { report, owedBefore, digests }: Due,
  simulator: Simulator,
): readonly string[] {
  const owed = owedIn(simulator) ?? {};
  const ofFindings = report.findings.filter(({ eventId }) => eventId !== null);
  const alerts = [...ofFindings, ...report.drift].map(({ eventId }) => String(eventId));
  const lost = (notifier: string, due: readonly string[], took: (id: string) => boolean): readonly string[] =>
    [...due, ...(owedBefore[notifier] ?? [])]
      .filter((id) => !took(id) && owed[notifier]?.includes(id) !== true)
      .map((id) => `alert ${id} was neither taken by ${notifier} nor is it owed`);
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
          // Of what was owed before, the hub has been told by a finding of an audit before this one.
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
