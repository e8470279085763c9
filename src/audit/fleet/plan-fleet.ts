import { newAuditId } from "../../core/ids.ts";
import type { Target } from "../../ecr/target.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import type { ExcludedAccount } from "../../schemas/report.ts";
import { plan } from "../plan/plan.ts";
import type { Clock, Sources } from "../ports.ts";
import type { FleetStorage } from "./fleet-files.ts";
import { type FleetAudit, type PlanOutcome, pathsOf, writeFleetFile } from "./fleet-files.ts";

/** What is asked of a fleet. */
export type FleetOrder = Omit<FleetAudit, "auditId" | "startedAt">;

/** What leads the state machine through an audit: small, whatever the size of the fleet. */
export type FleetPointer = {
  readonly auditId: string;
  /** How many registries are to be read, and where they are listed. */
  readonly targets: { readonly count: number; readonly bucket: string; readonly key: string };
  /** Where Step Functions is to leave word of what became of the batches. */
  readonly results: { readonly bucket: string; readonly prefix: string };
};

/**
 * Plans all that the order asks for and lays the work out: which registries are to be read, and what is known
 * already. Reads none of them.
 *
 * @param policy what the order's policy says
 * @throws CannotStartError, RequestError as {@link plan}
 * @throws StoreError when the work can not be laid out
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
  for await (const item of plan(policy.scope, order.request, sources, clock)) {
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
