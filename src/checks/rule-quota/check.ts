import { RULE_QUOTA } from "../../ecr/rule.ts";
import { defineRegistryCheck } from "../define-check.ts";
import { pass } from "../verdict.ts";
import { ruleQuotaRemediation } from "./remediation.ts";
import { ruleQuotaText } from "./text.ts";

const WARN_AT = 0.8 * RULE_QUOTA;

/** Fails if a registry has nearly reached its quota of rules. */
export const ruleQuota = defineRegistryCheck({
  id: "rule-quota",
  severity: "low",
  text: ruleQuotaText,
  remediation: ruleQuotaRemediation,
  predictable: false,
  evaluate: ({ rules: { length: used } }) =>
    used < WARN_AT ? pass : { status: "FAIL", kind: "quota-nearly-used", data: { used, quota: RULE_QUOTA } },
});
