import type { LoadedPolicy } from "../policy/load.ts";
import type { AuditRecord } from "../schemas/history.ts";
import type { Report } from "../schemas/report.ts";
import type { AuditState } from "../schemas/state.ts";
import { openLastMinutes, whenOver } from "./collect/time-budget.ts";
import { clamped } from "./compare/clamp.ts";
import { addresseesOf, type Delivery, DeliveryError, deliver } from "./deliver/deliver.ts";
import type { NotifyWhen } from "./deliver/routing.ts";
import type { AuditEvaluation } from "./evaluate/accumulator.ts";
import {
  type AuditStore,
  type Clock,
  type Notifiers,
  type RenderedFile,
  type StoredState,
  StoreError,
} from "./ports.ts";
import { buildComparedReport, type ReportHead } from "./report/build-report.ts";
import { historyWith, recordOf } from "./report/history.ts";
import { persistState } from "./state/persist-state.ts";

/** How an audit is concluded. */
export type FinalizeOptions = {
  /** `null`: nothing is remembered. */
  readonly store: AuditStore | null;
  /** The state when the audit began. */
  readonly stored: StoredState | null;
  readonly notifiers: Notifiers;
  /** Deliver nothing, store nothing. */
  readonly dryRun: boolean;
  /** When people are told; `null`: as the policy says. */
  readonly notify: NotifyWhen | null;
  readonly clock: Clock;
  /** How long the process may still run, in milliseconds; left out where it may run as long as it likes. */
  readonly timeLeft?: () => number;
  /**
   * What is kept beside the report: rendered of it, and of the audits until this one, the oldest first and this one
   * last, still without a location.
   */
  readonly renderFiles: (report: Report, history: readonly AuditRecord[]) => Promise<readonly RenderedFile[]>;
};

/** A concluded audit. */
export type FinalizedAudit = {
  readonly report: Report;
  /** Where the report stands, or `null` when it was not kept. */
  readonly location: string | null;
  /** What kept the audit from being told or remembered, or `null`. The audit itself is done. */
  readonly failure: DeliveryError | StoreError | null;
};

/**
 * Compares an audit with those before, keeps its report, tells it, and then remembers it: in that order, so
 * that breaking off at any point repeats alerts, under their ids, rather than losing one.
 */
export async function finalize(
  evaluation: AuditEvaluation,
  head: ReportHead,
  policy: LoadedPolicy,
  options: FinalizeOptions,
): Promise<FinalizedAudit> {
  const { store, stored, notifiers, dryRun, notify, renderFiles, clock, timeLeft = endless } = options;
  const time = openLastMinutes({ timeLeft, now: () => clock.now().getTime() });
  const deliveryOptions = {
    notifiers,
    notifications: policy.policy.notifications,
    notify: notify ?? policy.policy.notifications.when,
  };
  const compareWith = (state: AuditState | null) => {
    const isBaseline = store !== null && state === null;
    const { report, next } = buildComparedReport(evaluation, head, policy, state, isBaseline);
    return { report, next, addressees: addresseesOf(report, state?.pending ?? {}, deliveryOptions) };
  };
  const known = stored === null ? null : clamped(stored.state, head.startedAt);
  const compared = compareWith(known);
  const { report, next, addressees } = compared;
  if (dryRun) return { report, location: null, failure: null };

  const { wholeScope } = evaluation.auditScope;
  const kept = await attempt(async () => {
    if (store === null) return null;
    const history = historyWith(known?.history ?? [], recordOf(report, wholeScope, null));
    const keeping = store.keepReport(report, await renderFiles(report, history));
    return await withinTime(keeping, time.leftForKeeping, clock, store);
  });
  const location = kept instanceof StoreError ? null : kept;
  const left = time.beginTelling(Object.keys(next.findings).length);
  const deliveries = await deliver(addressees, location, { left, clock });
  const persisted = await attempt(async () => {
    const record = recordOf(report, wholeScope, location);
    if (store !== null) await persistState({ store, stored, compared, deliveries, record, compareWith });
  });
  const notStored = storeFailure([kept, persisted]);
  return { report, location, failure: deliveryFailure(deliveries, notStored) ?? notStored };
}

const endless = (): number => Number.POSITIVE_INFINITY;

/** @throws StoreError when the store takes longer than there is time */
async function withinTime<T>(
  work: Promise<T>,
  left: () => number,
  clock: Clock,
  { name }: AuditStore,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const why = "it did not take the report in the time that was left. See to it, and audit again.";
  const endWatch = whenOver(left, clock, () => reject(new StoreError(`${name}: ${why}`)));
  try {
    return await Promise.race([work, late]);
  } finally {
    await endWatch();
  }
}

/** A store that fails must not keep people from being told: its error waits. */
async function attempt<T>(work: () => Promise<T>): Promise<T | StoreError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
}

/** What kept outlets from being told, or `null`. What else went wrong is told with it: neither hides the other. */
export function deliveryFailure(
  deliveries: readonly Delivery[],
  notStored: StoreError | null = null,
): DeliveryError | null {
  const failures = deliveries.flatMap(({ notifier: { name }, error }) =>
    error === undefined ? [] : [{ name, error }],
  );
  if (failures.length === 0) return null;
  return new DeliveryError(
    notStored === null ? failures : [...failures, { name: "store", error: notStored }],
  );
}

function storeFailure(results: readonly unknown[]): StoreError | null {
  return results.find((result) => result instanceof StoreError) ?? null;
}
