import { defineRegistryCheck } from "../define-check.ts";
import { pass } from "../verdict.ts";
import { ruleQuotaRemediation } from "./remediation.ts";
import { ruleQuotaText } from "./text.ts";

/**
 * The maximum number of rules in a registry. AWS does not increase this quota (Amazon ECR user guide, "Amazon ECR
 * service quotas", November 2026).
 */
const QUOTA = 50;
const WARN_AT = 0.8 * QUOTA;

/** Fails if a registry has nearly reached its quota of rules. */
export const ruleQuota = defineRegistryCheck({
  id: "rule-quota",
  severity: "low",
  text: ruleQuotaText,
  remediation: ruleQuotaRemediation,
  predictable: false,
  evaluate: ({ rules: { length: used } }) =>
    used < WARN_AT ? pass : { status: "FAIL", kind: "quota-nearly-used", data: { used, quota: QUOTA } },
});
