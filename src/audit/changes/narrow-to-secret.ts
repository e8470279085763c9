import { namesSecret } from "../../ecr/arn.ts";
import type { Policy } from "../../policy/schema.ts";
import type { ObservedChange } from "../../schemas/change.ts";
import { plan } from "../plan/plan.ts";
import type { AuditRequest } from "../plan/request.ts";
import type { Clock, Sources } from "../ports.ts";

/**
 * Narrows a request to the rules that use the secret that changed. Lists the rules of its registry once more than the
 * audit, which is far fewer calls than to validate all of them. If they cannot be listed, the request stays as it is:
 * the audit then reports the gap.
 *
 * @throws CannotStartError as {@link plan}
 */
export async function narrowToSecret(
  request: AuditRequest,
  { name }: Pick<ObservedChange, "name">,
  policy: Policy,
  sources: Sources,
  clock: Clock,
): Promise<AuditRequest> {
  const prefixes: string[] = [];
  for await (const item of plan(policy.scope, request, sources, clock)) {
    if (item.kind === "excluded") continue;
    if (item.kind === "unreachable") return request;
    const rules = await sources.openRegistry(item.target).listRules();
    if (rules.state === "unreadable") return request;
    for (const { credentialArn, ecrRepositoryPrefix } of rules.state === "present" ? rules.value : []) {
      if (credentialArn !== null && name !== null && namesSecret(name, credentialArn))
        prefixes.push(ecrRepositoryPrefix);
    }
  }
  return { ...request, prefixes };
}
