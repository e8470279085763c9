import type { LoadedPolicy } from "../../policy/load.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import { type Report, reportSchema } from "../../schemas/report.ts";
import { openFinalizeBudget } from "../collect/time-budget.ts";
import { addresseesOf, deliver, deliveryFailure } from "../deliver/deliver.ts";
import type { FinalizedAudit, FinalizeOptions } from "../options.ts";
import { type AuditStore, type Clock, type StoredState, StoreError } from "../ports.ts";
import { persistState } from "../state/persist-state.ts";
import type { FleetStorage } from "./fleet-files.ts";
import { readFleetFile } from "./fleet-files.ts";

/** An audit that was remembered, as the memory has it. */
export type DeliveredBefore = {
  readonly stored: StoredState;
  readonly record: AuditRecord;
  /** Where its report is kept. */
  readonly location: string;
};

/** The audit, if it was remembered and its report kept; `null` if it was not. */
export function deliveredBefore(auditId: string, stored: StoredState | null): DeliveredBefore | null {
  const record = stored?.state.history.find((audit) => audit.auditId === auditId);
  if (stored === null || record === undefined || record.location === null) return null;
  return { stored, record, location: record.location };
}

/** Whom to tell, and where the audit is kept. */
export type RedeliverOptions = Pick<FinalizeOptions, "notifiers" | "notify" | "timeLeft"> & {
  readonly storage: FleetStorage;
  readonly store: AuditStore;
  readonly clock: Clock;
};

/**
 * Tells of an audit that was remembered what could not be told, and remembers that. Its report stays as it is.
 *
 * @throws StoreError
 */
export async function redeliver(
  { stored, record, location }: DeliveredBefore,
  { policy: { notifications } }: LoadedPolicy,
  { storage, store, clock, notifiers, notify, timeLeft = () => Number.POSITIVE_INFINITY }: RedeliverOptions,
): Promise<FinalizedAudit> {
  const time = openFinalizeBudget({ timeLeft, now: () => clock.now().getTime() });
  const report = await readFleetFile(storage, pathIn(storage, location), reportSchema);
  const deliveryOptions = { notifiers, notifications, notify: notify ?? notifications.when };
  const { pending } = stored.state;
  const owed = addresseesOf(asDeliveredAt(clock.now(), report), pending, deliveryOptions).filter(
    ({ notifier }) => Object.hasOwn(pending, notifier.name),
  );
  const left = time.beginDelivery(Object.keys(stored.state.findings).length);
  const deliveries = await deliver(owed, location, { left, clock });
  if (owed.length > 0) {
    const compareWith = (state: StoredState["state"] | null) => ({
      next: state ?? stored.state,
      addressees: [],
    });
    await persistState({ store, stored, deliveries, record, compareWith });
  }
  return { report, location, failure: deliveryFailure(deliveries) };
}

/**
 * The report as one that has nothing to tell by itself. It is told at another time: Security Hub refuses what is no
 * newer than what it has.
 */
function asDeliveredAt(now: Date, report: Report): Report {
  const findings = report.findings.map((finding) => ({ ...finding, eventId: null }));
  return { ...report, finishedAt: now.toISOString(), findings, drift: [] };
}

function pathIn({ name }: FleetStorage, location: string): string {
  if (location.startsWith(`${name}/`)) return location.slice(name.length + 1);
  throw new StoreError(`${location} is not in ${name}. Name the store in which the audit was kept.`);
}
