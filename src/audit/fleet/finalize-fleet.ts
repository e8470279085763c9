import { checksOf } from "../../checks/index.ts";
import type { Target } from "../../ecr/target.ts";
import { type RegistrySnapshot, unreadSnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import { registryKey } from "../compare/scope.ts";
import { type Assessment, beginAssessment } from "../evaluate/accumulator.ts";
import { type ConcludeOptions, type Conclusion, conclude } from "../finalize.ts";
import type { AuditStore, Clock } from "../ports.ts";
import { lossOf, readLosses } from "./failed-batches.ts";
import type { WorkPlace } from "./fleet-files.ts";
import {
  batchSchema,
  type FleetAudit,
  foreknownSchema,
  openFleetAudit,
  pathsOf,
  readWork,
  targetsSchema,
} from "./fleet-files.ts";
import { deliveredBefore, retell } from "./redeliver.ts";

/**
 * Judges all that the fleet read, one batch after the other: of each, only what the report needs is kept. A planned
 * registry of which no batch tells is a gap.
 *
 * @throws StoreError when the work can not be read
 */
export async function assessFleet(audit: FleetAudit, policy: Policy, place: WorkPlace): Promise<Assessment> {
  const paths = pathsOf(audit.auditId);
  const now = new Date(audit.startedAt);
  const { excludedAccounts, unreachable } = await readWork(place, paths.foreknown, foreknownSchema);
  const unread = new Map<string, Target>();
  for (const target of await readWork(place, paths.targets, targetsSchema)) {
    unread.set(registryKey(target), target);
  }

  const assessor = beginAssessment(policy, checksOf(policy), audit.request, { now, includePassing: false });
  for (const account of excludedAccounts) assessor.addExcluded(account);
  for (const snapshot of unreachable) assessor.addSnapshot(snapshot);
  for await (const snapshot of readBatches(place, paths.batches)) {
    // Each registry counts once, in whatever batches it may stand.
    if (unread.delete(registryKey(snapshot.target))) assessor.addSnapshot(snapshot);
  }
  if (unread.size > 0) {
    const losses = await readLosses(place, paths.results);
    for (const target of unread.values()) {
      assessor.addSnapshot(unreadSnapshot(target, lossOf(target, losses), now));
    }
  }
  return assessor.result();
}

async function* readBatches(place: WorkPlace, folder: string): AsyncGenerator<RegistrySnapshot> {
  for await (const path of place.list(folder)) {
    const { registries } = await readWork(place, path, batchSchema);
    yield* registries;
  }
}

/** What concluding needs from outside. */
type FleetEnd = Pick<ConcludeOptions, "notifiers" | "renderFiles" | "timeLeft"> & {
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
  const delivered = deliveredBefore(auditId, stored);
  if (delivered !== null) return retell(delivered, policy, { ...end, notify });
  const assessment = await assessFleet(audit, policy.policy, place);
  const head = {
    auditId,
    trigger: request.trigger,
    startedAt: new Date(audit.startedAt),
    finishedAt: clock.now(),
  };
  return conclude(assessment, head, policy, { ...end, stored, dryRun, notify });
}
