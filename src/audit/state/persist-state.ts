import type { AuditRecord } from "../../schemas/history.ts";
import type { AuditState } from "../../schemas/state.ts";
import { clamped } from "../compare/clamp.ts";
import type { Comparison } from "../compare/compare.ts";
import type { Addressee, Delivery } from "../deliver/deliver.ts";
import { type AuditStore, type StoredState, StoreError } from "../ports.ts";
import { historyWith } from "../report/history.ts";
import {
  alertsAmong,
  alertsOf,
  bothOf,
  isNothing,
  type UndeliveredByNotifier,
  undelivered,
} from "./undelivered-alerts.ts";

/** An audit whose state is to be persisted. */
export type PersistedAudit = {
  readonly store: AuditStore;
  /** The state that the audit was compared with. */
  readonly stored: StoredState | null;
  readonly deliveries: readonly Delivery[];
  /** Its figures, from its report. */
  readonly record: AuditRecord;
  /** Compares the audit with a state. Returns the next state, and the notifiers that it concerns. */
  readonly compareWith: (state: AuditState | null) => {
    readonly next: Comparison["next"];
    readonly addressees: readonly Addressee[];
  };
};

const mostTries = 5;

/**
 * Persists the state after delivery. If another audit wrote the state in the meantime, compares again with that state.
 * Alerts that only result from the new comparison count as undelivered.
 *
 * @throws StoreError
 */
export async function persistState({
  store,
  stored,
  deliveries,
  record,
  compareWith,
}: PersistedAudit): Promise<void> {
  let current = stored;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const state = current === null ? null : clamped(current.state, new Date(record.startedAt));
    const { next, addressees } = compareWith(state);
    const pending = undeliveredAfter(deliveries, addressees, state?.pending ?? {});
    const history = historyWith(state?.history ?? [], record);
    if (await store.writeState({ ...next, pending, history }, current?.version ?? null)) return;
    current = await store.readState();
  }
  throw new StoreError(
    `${store.name}: other audits wrote the state ${mostTries} times while this one tried to. Its alerts were delivered, and the next audit delivers them again. Run fewer audits at once.`,
  );
}

/** The undelivered alerts of each notifier: all that concern it, without those that were delivered. */
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
    alertsByName.set(notifier.name, undelivered(alertsByName.get(notifier.name) ?? nothing, delivered));
  }
  return Object.fromEntries([...alertsByName].filter(([, alerts]) => !isNothing(alerts)));
}

const none: ReadonlySet<string> = new Set();
const nothing = { findings: [], drift: [] } as const;
