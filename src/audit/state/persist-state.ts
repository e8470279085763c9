import type { AuditRecord } from "../../schemas/history.ts";
import type { AuditState } from "../../schemas/state.ts";
import { clamped } from "../compare/clamp.ts";
import type { Comparison } from "../compare/compare.ts";
import type { Addressee, Delivery } from "../deliver/deliver.ts";
import { type AuditStore, type StoredState, StoreError } from "../ports.ts";
import { historyWith } from "../report/history.ts";
import { chainAfter, deliveriesIn, type ReportLink } from "./chain.ts";
import {
  alertsAmong,
  alertsOf,
  bothOf,
  isNothing,
  stillOwed,
  type UndeliveredByNotifier,
} from "./undelivered-alerts.ts";

/** What an audit found in comparison with a state: the next state, and the notifiers that are to get alerts. */
type ComparedAudit = {
  readonly next: Comparison["next"];
  readonly addressees: readonly Addressee[];
};

/** An audit that is about to be stored. */
export type PersistedAudit = {
  readonly store: AuditStore;
  /** The state that the audit was compared with. */
  readonly stored: StoredState | null;
  /** That comparison, if it is at hand: for a fleet, a second one takes hundreds of megabytes. */
  readonly compared?: ComparedAudit;
  readonly deliveries: readonly Delivery[];
  /** The audit's figures, as its report has them. */
  readonly record: AuditRecord;
  /** The audit's report and the reports that it names; `null` if the report was not stored by this audit. */
  readonly link: ReportLink | null;
  /** Compares the audit with another state, if another audit has written one in the meantime. */
  readonly compareWith: (state: AuditState | null) => ComparedAudit;
};

const mostTries = 5;

/**
 * Stores the state after an audit's alerts were delivered. If another audit stored its state first, compares this
 * audit with that state. Alerts that turn out to be due only then, and were not delivered, are owed to the notifiers.
 *
 * @throws StoreError
 */
export async function persistState({
  store,
  stored,
  compared,
  deliveries,
  record,
  link,
  compareWith,
}: PersistedAudit): Promise<void> {
  let current = stored;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const state = current === null ? null : clamped(current.state, new Date(record.startedAt));
    const { next, addressees } = (tries === 0 ? compared : undefined) ?? compareWith(state);
    const pending = undeliveredAfter(deliveries, addressees, state?.pending ?? {});
    const history = historyWith(state?.history ?? [], record);
    const chain = chainAfter(state, link, deliveriesIn(deliveries, pending));
    if (await store.writeState({ ...next, pending, history, chain }, current?.version ?? null)) return;
    current = await store.readState();
  }
  throw new StoreError(
    `${store.name}: other audits wrote the state ${mostTries} times while this one tried to. Its alerts were delivered, and the next audit will deliver them again. Run fewer audits at once.`,
  );
}

/** What each notifier is owed: the alerts for it that were not delivered. */
export function undeliveredAfter(
  deliveries: readonly Delivery[],
  addressees: readonly Addressee[],
  undeliveredBefore: UndeliveredByNotifier,
): UndeliveredByNotifier {
  const alertsByName = new Map(Object.entries(undeliveredBefore));
  for (const { notifier, report } of [...deliveries, ...addressees]) {
    alertsByName.set(notifier.name, bothOf(alertsByName.get(notifier.name), alertsOf(report)));
  }
  for (const { notifier, report, error, taken = none } of deliveries) {
    const delivered = error === undefined ? report : alertsAmong(report, taken);
    alertsByName.set(notifier.name, stillOwed(alertsByName.get(notifier.name) ?? nothing, delivered));
  }
  return Object.fromEntries([...alertsByName].filter(([, alerts]) => !isNothing(alerts)));
}

const none: ReadonlySet<string> = new Set();
const nothing = { findings: [], drift: [] } as const;
