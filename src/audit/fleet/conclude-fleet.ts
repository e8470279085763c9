import { type ConcludeOptions, type Conclusion, conclude } from "../conclude.ts";
import type { AuditStore, Clock } from "../ports.ts";
import { assessFleet } from "./assess-fleet.ts";
import { openFleetAudit } from "./open.ts";
import { retell, toldBefore } from "./retell.ts";
import type { WorkPlace } from "./work-place.ts";

/** What concluding needs from outside. */
export type FleetEnd = Pick<ConcludeOptions, "outlets" | "renderFiles" | "timeLeft"> & {
  readonly place: WorkPlace;
  readonly store: AuditStore;
  readonly clock: Clock;
};

/**
 * Judges, keeps, tells and remembers what the fleet read. May be called again where it broke off: an audit that is
 * remembered already is not compared with itself, and only what could not be told is told.
 *
 * @throws StoreError when the work or the memory can not be read
 * @throws ConfigurationError as {@link openFleetAudit}
 */
export async function concludeFleet(auditId: string, end: FleetEnd): Promise<Conclusion> {
  const { place, store, clock } = end;
  const { audit, policy } = await openFleetAudit(auditId, place);
  const { dryRun, notify, request } = audit;
  const stored = await store.readState();
  const told = toldBefore(auditId, stored);
  if (told !== null) return retell(told, policy, { ...end, notify });
  const assessment = await assessFleet(audit, policy.policy, place);
  const head = {
    auditId,
    trigger: request.trigger,
    startedAt: new Date(audit.startedAt),
    finishedAt: clock.now(),
  };
  return conclude(assessment, head, policy, { ...end, stored, dryRun, notify });
}
