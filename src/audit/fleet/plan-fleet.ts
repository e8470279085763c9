import { newAuditId } from "../../core/ids.ts";
import type { Target } from "../../ecr/target.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import type { ExcludedAccount } from "../../schemas/report.ts";
import { plan } from "../plan/plan.ts";
import type { Clock, Sources } from "../ports.ts";
import type { FleetStorage } from "./fleet-files.ts";
import { type FleetAudit, type PlanOutcome, pathsOf, writeFleetFile } from "./fleet-files.ts";

/** The request for a fleet audit. */
export type FleetOrder = Omit<FleetAudit, "auditId" | "startedAt">;

/** The state machine's input for an audit: small, whatever the size of the fleet. */
export type FleetPointer = {
  readonly auditId: string;
  /** The number of registries to read, and the object that lists them. */
  readonly targets: { readonly count: number; readonly bucket: string; readonly key: string };
  /** Where Step Functions writes the results of the batches. */
  readonly results: { readonly bucket: string; readonly prefix: string };
};

/**
 * Plans a fleet audit and writes the plan to the storage: the registries to read, the excluded accounts and the
 * unreachable registries. Reads no registry.
 *
 * @param policy the parsed policy of the order
 * @throws CannotStartError, RequestError as {@link plan}
 * @throws StoreError if the plan cannot be written
 */
export async function planFleet(
  order: FleetOrder,
  policy: Policy,
  {
    sources,
    clock,
    storage,
  }: { readonly sources: Sources; readonly clock: Clock; readonly storage: FleetStorage },
): Promise<FleetPointer> {
  const startedAt = clock.now();
  const audit: FleetAudit = {
    auditId: newAuditId(startedAt),
    startedAt: startedAt.toISOString(),
    ...order,
  };
  const targets: Target[] = [];
  const unreachable: RegistrySnapshot[] = [];
  const excludedAccounts: ExcludedAccount[] = [];
  for await (const item of plan(policy.scope, order.request, sources, clock, {
    withEmails: policy.owners === "account-email",
  })) {
    if (item.kind === "target") targets.push(item.target);
    else if (item.kind === "unreachable") unreachable.push(item.snapshot);
    else excludedAccounts.push(item.account);
  }
  const paths = pathsOf(audit.auditId);
  await Promise.all([
    writeFleetFile(storage, paths.audit, audit),
    writeFleetFile(storage, paths.targets, targets),
    writeFleetFile(storage, paths.planOutcome, { excludedAccounts, unreachable } satisfies PlanOutcome),
  ]);
  const { bucket, key: prefix } = storage.addressOf(paths.results);
  return {
    auditId: audit.auditId,
    targets: { count: targets.length, ...storage.addressOf(paths.targets) },
    results: { bucket, prefix },
  };
}
