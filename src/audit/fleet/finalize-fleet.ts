import { checksOf } from "../../checks/index.ts";
import { registryKey } from "../../ecr/registry.ts";
import type { Target } from "../../ecr/target.ts";
import { notCollected } from "../../facts/evidence.ts";
import { type RegistrySnapshot, unreadSnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import type { AuditState } from "../../schemas/state.ts";
import { type Asking, lookUpChanges } from "../changes/look-up.ts";
import { type AuditEvaluation, openAccumulator } from "../evaluate/accumulator.ts";
import type { FinalizedAudit, FinalizeOptions } from "../options.ts";
import type { AuditStore, Clock, Sources } from "../ports.ts";
import { finalize } from "../run.ts";
import { batchFailureEvidence, readBatchFailures } from "./failed-batches.ts";
import type { FleetStorage } from "./fleet-files.ts";
import {
  batchSchema,
  type FleetAudit,
  openFleetAudit,
  pathsOf,
  planOutcomeSchema,
  readFleetFile,
  targetsSchema,
} from "./fleet-files.ts";
import { deliveredBefore, redeliver } from "./redeliver.ts";

/** How changes are looked up, and the state in which they are not yet. */
type FleetLookup = Asking & { readonly earlier: AuditState | null };

const askNobody: FleetLookup = {
  earlier: null,
  sources: { openTrail: () => async () => notCollected("cloudtrail:LookupEvents") },
  clock: { now: () => new Date(0) },
  hasTime: () => false,
};

/**
 * Evaluates what the fleet read, one batch after the other, and keeps only what the report needs. A planned registry
 * that is in no batch is a gap.
 *
 * @throws StoreError if a file of the fleet cannot be read
 */
export async function evaluateFleetFiles(
  audit: FleetAudit,
  policy: Policy,
  storage: FleetStorage,
  { earlier, ...asking }: FleetLookup = askNobody,
): Promise<AuditEvaluation> {
  const paths = pathsOf(audit.auditId);
  const now = new Date(audit.startedAt);
  const { excludedAccounts, unreachable } = await readFleetFile(
    storage,
    paths.planOutcome,
    planOutcomeSchema,
  );
  const unread = new Map<string, Target>();
  for (const target of await readFleetFile(storage, paths.targets, targetsSchema)) {
    unread.set(registryKey(target), target);
  }

  const accumulator = openAccumulator(policy, checksOf(policy), audit.request, {
    now,
    includePassing: false,
    knownChanges: earlier?.changes ?? [],
  });
  for (const account of excludedAccounts) accumulator.addExcluded(account);
  for (const snapshot of unreachable) accumulator.addSnapshot(snapshot);
  for await (const snapshot of readBatches(storage, paths.batches)) {
    // Each registry counts once, even if it is in several batches.
    if (unread.delete(registryKey(snapshot.target))) accumulator.addSnapshot(snapshot);
  }
  if (unread.size > 0) {
    const batchFailures = await readBatchFailures(storage, paths.results);
    for (const target of unread.values()) {
      accumulator.addSnapshot(unreadSnapshot(target, batchFailureEvidence(target, batchFailures), now));
    }
  }
  return accumulator.result(await lookUpChanges(audit.request, accumulator.changed(), earlier, asking));
}

async function* readBatches(storage: FleetStorage, folder: string): AsyncGenerator<RegistrySnapshot> {
  for await (const path of storage.list(folder)) {
    const { registries } = await readFleetFile(storage, path, batchSchema);
    yield* registries;
  }
}

/** What finalizing needs from outside. */
type FleetEnd = Pick<FinalizeOptions, "notifiers" | "renderFiles" | "timeLeft"> & {
  readonly storage: FleetStorage;
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly sources: Pick<Sources, "openTrail">;
};

/** The share of the time that is left for everything after the lookup of changes. */
const restShare = 0.5;

/**
 * Evaluates what the fleet read, stores the report, delivers it and persists the state. May be called again after a
 * failure: an audit that is in the state already is not compared with itself, and only its undelivered alerts are
 * delivered.
 *
 * @throws StoreError if the fleet's files or the state cannot be read
 * @throws ConfigurationError as {@link openFleetAudit}
 */
export async function finalizeFleet(auditId: string, end: FleetEnd): Promise<FinalizedAudit> {
  const { storage, store, clock, sources, timeLeft = () => Number.POSITIVE_INFINITY } = end;
  const needed = timeLeft() * restShare;
  const { audit, policy } = await openFleetAudit(auditId, storage);
  const { dryRun, notify, request } = audit;
  const stored = await store.readState();
  const delivered = deliveredBefore(auditId, stored);
  if (delivered !== null) return redeliver(delivered, policy, { ...end, notify });
  const evaluation = await evaluateFleetFiles(audit, policy.policy, storage, {
    earlier: stored?.state ?? null,
    sources,
    clock,
    hasTime: () => timeLeft() >= needed,
  });
  const head = {
    auditId,
    trigger: request.trigger,
    startedAt: new Date(audit.startedAt),
    finishedAt: clock.now(),
  };
  return finalize(evaluation, head, policy, { ...end, stored, dryRun, notify });
}
