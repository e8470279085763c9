import { checkIds } from "../../checks/index.ts";
import { type LoadedPolicy, loadPolicy } from "../../policy/load.ts";
import { type FleetAudit, fleetAuditSchema, pathsOf, readWork } from "./work.ts";
import type { WorkPlace } from "./work-place.ts";

/** An audit that was planned, and the policy that it goes by. */
export type OpenedAudit = { readonly audit: FleetAudit; readonly policy: LoadedPolicy };

/**
 * Opens an audit that was planned.
 *
 * @throws StoreError when it can not be read
 * @throws ConfigurationError when this auditor can not use its policy, which one of another version could
 */
export async function openFleetAudit(auditId: string, place: WorkPlace): Promise<OpenedAudit> {
  const audit = await readWork(place, pathsOf(auditId).audit, fleetAuditSchema);
  return { audit, policy: loadPolicy(audit.policy.text, audit.policy.source, checkIds) };
}
