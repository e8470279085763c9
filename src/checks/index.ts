import { allowedUpstream } from "./allowed-upstream.ts";
import type { Check } from "./define-check.ts";
import { overlappingPrefixes } from "./overlapping-prefixes.ts";
import { prefixConvention } from "./prefix-convention.ts";
import { rootPrefix } from "./root-prefix.ts";
import { ruleValidation } from "./rule-validation.ts";

/** Every check, in the order in which people read about them. */
export const checks: readonly Check[] = [
  ruleValidation,
  allowedUpstream,
  prefixConvention,
  rootPrefix,
  overlappingPrefixes,
];

/** The ids of all checks. */
export const checkIds: readonly string[] = checks.map(({ id }) => id);
