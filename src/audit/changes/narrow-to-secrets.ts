import { namesSecret } from "../../ecr/arn.ts";
import { registryKey } from "../../ecr/registry.ts";
import type { Policy } from "../../policy/schema.ts";
import type { ObservedChange } from "../../schemas/change.ts";
import { plan } from "../plan/plan.ts";
import { type AuditRequest, isWholeScope } from "../plan/request.ts";
import type { Clock, Sources } from "../ports.ts";

/**
 * Narrows a request to the rules that use the secrets that changed, and to the rules that it names. Lists the rules of
 * their registries once more than the audit, which is far fewer calls than to validate all of them. If they cannot be
 * listed, registries are audited as a whole: the audit then reports the gap.
 *
 * @param changes those that led to the audit; if one of them concerns a registry as a whole, or none a secret, the
 *   request stays as it is
 * @throws CannotStartError as {@link plan}
 */
export async function narrowToSecrets(
  request: AuditRequest,
  changes: readonly ObservedChange[],
  policy: Policy,
  sources: Sources,
  clock: Clock,
): Promise<AuditRequest> {
  const secrets = changes.filter(({ thing }) => thing === "secret");
  const isNarrow = changes.every(({ thing }) => thing === "secret" || thing === "rule");
  if (secrets.length === 0 || !isNarrow || isWholeScope(request)) return request;
  const namesByRegistry = Map.groupBy(secrets, registryKey);
  const prefixes = new Set(request.prefixes ?? []);
  for await (const item of plan(policy.scope, request, sources, clock)) {
    if (item.kind === "excluded") continue;
    if (item.kind === "unreachable") return { ...request, prefixes: null };
    const changed = namesByRegistry.get(registryKey(item.target)) ?? [];
    if (changed.length === 0) continue;
    const rules = await sources.openRegistry(item.target).listRules();
    if (rules.state === "unreadable") return { ...request, prefixes: null };
    for (const { credentialArn, ecrRepositoryPrefix } of rules.state === "present" ? rules.value : []) {
      const isUsed = changed.some(
        ({ name }) => credentialArn !== null && name !== null && namesSecret(name, credentialArn),
      );
      if (isUsed) prefixes.add(ecrRepositoryPrefix);
    }
  }
  return { ...request, prefixes: [...prefixes] };
}
