import type { Policy } from "../policy/schema.ts";
import { allowedUpstream } from "./allowed-upstream.ts";
import { creationTemplate } from "./creation-template.ts";
import { customCheck } from "./custom-check.ts";
import { duplicateUpstream } from "./duplicate-upstream.ts";
import { fleetConsistency } from "./fleet-consistency.ts";
import type { Check } from "./judgement.ts";
import { overlappingPrefixes } from "./overlapping-prefixes.ts";
import { prefixConvention } from "./prefix-convention.ts";
import { registryPolicy } from "./registry-policy.ts";
import { requiredRule } from "./required-rule.ts";
import { rootPrefix } from "./root-prefix.ts";
import { ruleQuota } from "./rule-quota.ts";
import { ruleValidation } from "./rule-validation.ts";
import { scanCoverage } from "./scan-coverage.ts";
import { secretHealth } from "./secret-health.ts";
import { undeclaredRule } from "./undeclared-rule.ts";
import { upstreamCredentials } from "./upstream-credentials.ts";
import { upstreamRole } from "./upstream-role.ts";
import { upstreamScope } from "./upstream-scope.ts";

/** Every check of the catalogue, in the order in which people read about them. */
export const checks: readonly Check[] = [
  ruleValidation,
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
  ruleQuota,
  fleetConsistency,
];

/** The ids of all checks of the catalogue. */
export const checkIds: readonly string[] = checks.map(({ id }) => id);

/** The checks that an audit by `policy` makes: those of the catalogue and the policy's own. */
export function checksOf({ customChecks }: Policy): readonly Check[] {
  return [...checks, ...customChecks.map(customCheck)];
}
