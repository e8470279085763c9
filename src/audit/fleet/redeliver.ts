import type { LoadedPolicy } from "../../policy/load.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import { type Report, reportSchema } from "../../schemas/report.ts";
import { openFinalizeBudget } from "../collect/time-budget.ts";
import { addresseesOf, deliver, deliveryFailure, toldOf } from "../deliver/deliver.ts";
import type { FinalizedAudit, FinalizeOptions } from "../options.ts";
import { type AuditStore, type Clock, type StoredState, StoreError } from "../ports.ts";
import { findingDescriber } from "../report/describe-findings.ts";
import { persistState } from "../state/persist-state.ts";
import { describedPending } from "../state/undelivered-alerts.ts";
import type { FleetStorage } from "./fleet-files.ts";
import { readFleetFile } from "./fleet-files.ts";

/** A finalized audit, as the state has it. */
export type DeliveredBefore = {
  readonly stored: StoredState;
  readonly record: AuditRecord;
  /** The location of its report. */
  readonly location: string;
};

/** The audit, if it is in the state and its report was stored; otherwise `null`. */
export function deliveredBefore(auditId: string, stored: StoredState | null): DeliveredBefore | null {
  const record = stored?.state.history.find((audit) => audit.auditId === auditId);
  if (stored === null || record === undefined || record.location === null) return null;
  return { stored, record, location: record.location };
}

/** The notifiers, and where the audit is stored. */
export type RedeliverOptions = Pick<FinalizeOptions, "notifiers" | "notify" | "timeLeft"> & {
  readonly storage: FleetStorage;
  readonly store: AuditStore;
  readonly clock: Clock;
};

/**
 * Delivers the undelivered alerts of a finalized audit, and persists the result. Its report stays unchanged.
 *
 * @throws StoreError
 */
export async function redeliver(
  { stored, record, location }: DeliveredBefore,
  { policy }: LoadedPolicy,
  { storage, store, clock, notifiers, notify, timeLeft = () => Number.POSITIVE_INFINITY }: RedeliverOptions,
): Promise<FinalizedAudit> {
  const { notifications } = policy;
  const time = openFinalizeBudget({ timeLeft, now: () => clock.now().getTime() });
  const report = await readFleetFile(storage, pathIn(storage, location), reportSchema);
  const deliveryOptions = { notifiers, notifications, notify: notify ?? notifications.when };
  const { pending } = stored.state;
  const describe = findingDescriber(policy, accountEmailsIn(report), new Date(report.startedAt));
  const undelivered = addresseesOf(
    asDeliveredAt(clock.now(), report),
    describedPending(pending, describe),
    deliveryOptions,
  ).filter(({ notifier }) => Object.hasOwn(pending, notifier.name));
  const left = time.beginDelivery(Object.keys(stored.state.findings).length);
  const deliveries = await deliver(undelivered, location, { left, clock });
  if (undelivered.length > 0) {
    const compareWith = (state: StoredState["state"] | null) => ({
      next: state ?? stored.state,
      addressees: [],
    });
    await persistState({ store, stored, deliveries, record, link: null, compareWith });
  }
  return {
    report,
    location,
    failure: deliveryFailure(deliveries),
    told: toldOf(deliveries, location, { isSent: true }),
  };
}

/**
 * The report without its own alerts, which leaves only undelivered ones. It gets a new `finishedAt`, because Security
 * Hub rejects findings that are not newer than those it has.
 */
function asDeliveredAt(now: Date, report: Report): Report {
  const findings = report.findings.map((finding) => ({ ...finding, eventId: null }));
  return { ...report, finishedAt: now.toISOString(), findings, drift: [] };
}

function pathIn({ name }: FleetStorage, location: string): string {
  if (location.startsWith(`${name}/`)) return location.slice(name.length + 1);
  throw new StoreError(`${location} is not in ${name}. Use the store that has the report of the audit.`);
}

/** The e-mail addresses of accounts, as far as the owners in a report tell them. */
function accountEmailsIn({ findings }: Report): ReadonlyMap<string, string> {
  return new Map(
    findings.flatMap(({ account, owner }) =>
      owner === null || owner.contact === null ? [] : [[account, owner.contact] as const],
    ),
  );
}
