import type { Policy } from "../policy/schema.ts";
import { allowedUpstream } from "./allowed-upstream/check.ts";
import { cachedRepositories } from "./cached-repositories/check.ts";
import { creationTemplate } from "./creation-template/check.ts";
import { customCheck } from "./custom-check/check.ts";
import { duplicateUpstream } from "./duplicate-upstream/check.ts";
import type { Check, FleetCheck, RegistryCheck } from "./evaluation.ts";
import { failedPulls } from "./failed-pulls/check.ts";
import { fleetConsistency } from "./fleet-consistency/check.ts";
import { orphanedCachedRepositories } from "./orphaned-cached-repositories/check.ts";
import { overlappingPrefixes } from "./overlapping-prefixes/check.ts";
import { prefixConvention } from "./prefix-convention/check.ts";
import { registryPolicy } from "./registry-policy/check.ts";
import { requiredRule } from "./required-rule/check.ts";
import { rootPrefix } from "./root-prefix/check.ts";
import { ruleQuota } from "./rule-quota/check.ts";
import { ruleValidation } from "./rule-validation/check.ts";
import { scanCoverage } from "./scan-coverage/check.ts";
import { secretHealth } from "./secret-health/check.ts";
import { unapprovedChange } from "./unapproved-change/check.ts";
import { undeclaredRule } from "./undeclared-rule/check.ts";
import { unusedCachedRepositories } from "./unused-cached-repositories/check.ts";
import { upstreamCredentials } from "./upstream-credentials/check.ts";
import { upstreamRole } from "./upstream-role/check.ts";
import { upstreamScope } from "./upstream-scope/check.ts";

/** All checks of the catalogue, in the order in which documents and reports list them. */
export const checks = [
  ruleValidation,
  failedPulls,
  allowedUpstream,
  prefixConvention,
  rootPrefix,
  overlappingPrefixes,
  duplicateUpstream,
  upstreamCredentials,
  secretHealth,
  upstreamRole,
  upstreamScope,
  requiredRule,
  undeclaredRule,
  creationTemplate,
  scanCoverage,
  registryPolicy,
  cachedRepositories,
  unusedCachedRepositories,
  orphanedCachedRepositories,
  unapprovedChange,
  ruleQuota,
  fleetConsistency,
] as const satisfies readonly Check[];

type CatalogueCheck = (typeof checks)[number];

/** The id of a check of the catalogue. Custom checks have other ids. */
export type CheckId = CatalogueCheck["id"];

type KindIn<C> =
  C extends RegistryCheck<string, infer K>
    ? keyof K
    : C extends FleetCheck<string, infer K>
      ? keyof K
      : never;

/** The kinds that a check of the catalogue can return, without those that every check can return. */
export type KindOf<Id extends CheckId> = KindIn<Extract<CatalogueCheck, { readonly id: Id }>> & string;

/** The ids of all checks of the catalogue. */
export const checkIds: readonly CheckId[] = checks.map(({ id }) => id);

/** Whether an id is the id of a check of the catalogue. */
export function isCheckId(id: string): id is CheckId {
  return checks.some((check) => check.id === id);
}

/** The checks of an audit with `policy`: those of the catalogue and the custom checks of the policy. */
export function checksOf({ customChecks }: Policy): readonly Check[] {
  return [...checks, ...customChecks.map(customCheck)];
}
