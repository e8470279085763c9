import { checksOf } from "../../checks/index.ts";
import { type RegistrySnapshot, unreadSnapshot } from "../../model/snapshot.ts";
import type { Target } from "../../model/target.ts";
import type { Policy } from "../../policy/schema.ts";
import { type Assessment, beginAssessment } from "../assess.ts";
import { registryKey } from "../compare/sight.ts";
import { lossOf, readLosses } from "./loss.ts";
import { batchSchema, type FleetAudit, foreknownSchema, pathsOf, readWork, targetsSchema } from "./work.ts";
import type { WorkPlace } from "./work-place.ts";

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
