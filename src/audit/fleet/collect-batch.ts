import { checksOf } from "../../checks/index.ts";
import { forEachConcurrently } from "../../core/concurrency.ts";
import type { Target } from "../../ecr/target.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import { mostRegistriesAtOnce, openReading, type ReadingOptions } from "../collect/reading.ts";
import { openAccumulator } from "../evaluate/accumulator.ts";
import { prefixFilter } from "../plan/request.ts";
import type { Clock, Sources } from "../ports.ts";
import { heardPullsOf, pullStoreIn } from "../pulls/pull-store.ts";
import type { FleetStorage, OpenedAudit } from "./fleet-files.ts";
import { pathsOf, writeFleetFile } from "./fleet-files.ts";

/** A batch of registries, which one function reads. */
export type Batch = { readonly auditId: string; readonly targets: readonly [Target, ...Target[]] };

/** The outcome of a batch: one line for the execution's history. The named file has the data. */
export type LedgerLine = {
  readonly registries: number;
  readonly unreachable: number;
  readonly batch: string;
};

/**
 * Reads the registries of a batch, with the facts that the policy needs, and writes them to the storage. A retry
 * overwrites the file. A failing registry becomes evidence, as does a registry that there was no time for.
 *
 * @throws StoreError if the file cannot be written
 */
export async function collectBatch(
  targets: Batch["targets"],
  { audit, policy }: OpenedAudit,
  {
    sources,
    clock,
    storage,
  }: { readonly sources: Sources; readonly clock: Clock; readonly storage: FleetStorage },
  options: ReadingOptions,
): Promise<LedgerLine> {
  const now = new Date(audit.startedAt);
  const checks = checksOf(policy.policy);
  const needs = openAccumulator(policy.policy, checks, audit.request, {
    now,
    includePassing: false,
    formerPrefixes: audit.formerPrefixes,
    lastParts: audit.lastParts,
  });
  const inScope = prefixFilter(audit.request);
  const heard = pullStoreIn(storage);
  const reading = openReading(needs, sources, {
    pullsOf: (registry) => heardPullsOf(heard, registry),
    ...options,
    clock,
    inScope,
  });
  const registries: RegistrySnapshot[] = [];
  for (const _target of targets) reading.expect();
  await forEachConcurrently(targets, mostRegistriesAtOnce, async (target) => {
    registries.push(await reading.read(target));
  }).finally(reading.end);
  const path = pathsOf(audit.auditId).batch(targets[0]);
  await writeFleetFile(storage, path, { registries });
  return {
    registries: registries.length,
    unreachable: registries.filter(({ rules }) => rules.state === "unreadable").length,
    batch: storage.locate(path),
  };
}
