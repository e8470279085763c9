import { defineRegistryCheck } from "../define-check.ts";
import { pass } from "../verdict.ts";
import { ruleQuotaRemediation } from "./remediation.ts";
import { ruleQuotaText } from "./text.ts";

/**
 * How many rules a registry may have; AWS does not raise it (Amazon ECR user guide, "Amazon ECR service
 * quotas", November 2026).
 */
const QUOTA = 50;
const WARN_AT = 0.8 * QUOTA;

/** Fails when a registry has so many rules that new ones may soon be refused. */
export const ruleQuota = defineRegistryCheck({
  id: "rule-quota",
  severity: "low",
  text: ruleQuotaText,
  remediation: ruleQuotaRemediation,
  predictable: false,
  evaluate: ({ rules: { length: used } }) =>
    used < WARN_AT ? pass : { status: "FAIL", kind: "quota-nearly-used", data: { used, quota: QUOTA } },
});
