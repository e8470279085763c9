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

/** One audit, as it is to be remembered. */
export type PersistedAudit = {
  readonly store: AuditStore;
  /** The state that the audit was compared with. */
  readonly stored: StoredState | null;
  readonly deliveries: readonly Delivery[];
  /** Its figures, as its report gives them. */
  readonly record: AuditRecord;
  /** Compares the audit with a state: what to remember then, and whom it would concern. */
  readonly compareWith: (state: AuditState | null) => {
    readonly next: Comparison["next"];
    readonly addressees: readonly Addressee[];
  };
};

const mostTries = 5;

/**
 * Remembers an audit that was told. Where another audit was faster, this one is compared anew with what that
 * one left; what then turns out to be news, and was not told, is owed to the outlets.
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
    const pending = owedAfter(deliveries, addressees, state?.pending ?? {});
    const history = historyWith(state?.history ?? [], record);
    if (await store.writeState({ ...next, pending, history }, current?.version ?? null)) return;
    current = await store.readState();
  }
  throw new StoreError(
    `${store.name}: other audits wrote the state ${mostTries} times while this one tried to; it was told, and will be told again by the next audit. Run fewer audits at once.`,
  );
}

/** What each outlet is owed: what it was not told of all that concerns it. */
export function owedAfter(
  deliveries: readonly Delivery[],
  addressees: readonly Addressee[],
  owedBefore: UndeliveredByNotifier,
): UndeliveredByNotifier {
  const owed = new Map(Object.entries(owedBefore));
  for (const { notifier, report } of [...deliveries, ...addressees]) {
    owed.set(notifier.name, bothOf(owed.get(notifier.name), alertsOf(report)));
  }
  for (const { notifier, report, error, taken = none } of deliveries) {
    const delivered = error === undefined ? report : alertsAmong(report, taken);
    owed.set(notifier.name, undelivered(owed.get(notifier.name) ?? nothing, delivered));
  }
  return Object.fromEntries([...owed].filter(([, alerts]) => !isNothing(alerts)));
}

const none: ReadonlySet<string> = new Set();
const nothing = { findings: [], drift: [] } as const;
