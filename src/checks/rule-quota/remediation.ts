import type { Instructions } from "../remediation.ts";
import type { RuleQuotaKinds } from "./text.ts";

export const ruleQuotaRemediation: Instructions<RuleQuotaKinds> = {
  "quota-nearly-used": "instruct",
};
