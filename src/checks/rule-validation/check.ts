import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { defineRuleCheck } from "../define-check.ts";
import { pass, unknownBecause } from "../verdict.ts";
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
        if (authenticatesWithNothing(rule) && !isPlainlyAboutUpstream(failure)) {
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

function authenticatesWithNothing({ credentialArn, upstreamRegistry }: PullThroughCacheRule): boolean {
  return credentialArn === null && upstreamRegistry !== "ecr";
}

/** The upstream answers that there were too many requests. Docker Hub's sentence also says "unauthenticated". */
const rate = /too ?many ?requests|rate[ -]?limit|rate exceeded|throttl|\b429\b/i;

/** Credentials, or what is not supported: AWS may say so of every rule without a credential. */
const aboutAccess =
  /credential|secret|token|auth|denied|forbidden|login|not supported|unsupported|not require|\b40[13]\b/i;

const upstreamTrouble =
  /not ?found|no such|not exist|unreachable|unavailable|time[ds]?[ -]?out|connect|resolve|refused|(?<!\d)(?:404|50\d)\b/i;

/**
 * Whether a failure is plainly one of the upstream. No public output shows what AWS answers for rules without a
 * credential (November 2026), so every other failure of such a rule is treated as a refusal to validate: a guess must not
 * raise an alarm on every rule.
 */
function isPlainlyAboutUpstream(failure: string): boolean {
  return rate.test(failure) || (upstreamTrouble.test(failure) && !aboutAccess.test(failure));
}
