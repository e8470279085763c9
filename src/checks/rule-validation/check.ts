import { defineRuleCheck } from "../define-check.ts";
import { pass, unknownBecause } from "../verdict.ts";
import { authenticatesWithNothing, isFailureOf } from "./failures.ts";
import { ruleValidationRemediation } from "./remediation.ts";
import { ruleValidationText } from "./text.ts";

/**
 * Fails if AWS reports that a rule does not work.
 *
 * AWS validates rules whose upstream requires a credential. The result for other rules is not documented (Amazon ECR
 * API reference, ValidatePullThroughCacheRule, November 2026). If AWS refuses to validate a rule without a credential,
 * there is nothing to validate; if it refuses a rule for an ECR upstream, it is unknown whether its role works. If AWS
 * calls a rule without a credential invalid, it fails only if the failure is plainly one of the upstream.
 */
export const ruleValidation = defineRuleCheck({
  id: "rule-validation",
  severity: "high",
  text: ruleValidationText,
  remediation: ruleValidationRemediation,
  predictable: false,
  evaluate: ({ rule, observed: { validation } }) => {
    if (validation.state === "unreadable") return unknownBecause(validation);
    if (validation.state === "absent") return { status: "NOT_APPLICABLE", kind: "rule-deleted", data: {} };
    switch (validation.value.outcome) {
      case "valid":
        return pass;
      case "declined":
        return {
          status: authenticatesWithNothing(rule) ? "NOT_APPLICABLE" : "UNKNOWN",
          kind: "validation-declined",
          data: { detail: validation.value.detail },
        };
      case "invalid": {
        const { failure } = validation.value;
        if (!isFailureOf(rule, failure)) {
          return { status: "UNKNOWN", kind: "validation-declined", data: { detail: failure } };
        }
        return {
          status: "FAIL",
          kind: "validation-failed",
          data: {
            failure,
            upstreamRegistryUrl: rule.upstreamRegistryUrl,
            credentialArn: rule.credentialArn,
          },
        };
      }
    }
  },
});
