import { defineRuleCheck } from "../define-check.ts";
import { pass, unknownBecause } from "../verdict.ts";
import { ruleValidationRemediation } from "./remediation.ts";
import { ruleValidationText } from "./text.ts";

/**
 * Fails when AWS itself says that a rule does not work.
 *
 * AWS validates rules whose upstream needs a credential. What it answers for others is not documented
 * (Amazon ECR API reference, ValidatePullThroughCacheRule, November 2026): a refusal to validate a rule
 * without credential tells nothing, and one for an ECR upstream leaves its role unproven.
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
          status:
            rule.credentialArn === null && rule.upstreamRegistry !== "ecr" ? "NOT_APPLICABLE" : "UNKNOWN",
          kind: "validation-declined",
          data: { detail: validation.value.detail },
        };
      case "invalid":
        return {
          status: "FAIL",
          kind: "validation-failed",
          data: {
            failure: validation.value.failure,
            upstreamRegistryUrl: rule.upstreamRegistryUrl,
            credentialArn: rule.credentialArn,
          },
        };
    }
  },
});
