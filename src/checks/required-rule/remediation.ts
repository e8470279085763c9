import type { CheckRemediation } from "../remediation.ts";
import type { RequiredRuleKinds } from "./text.ts";

export const requiredRuleRemediation: CheckRemediation<RequiredRuleKinds> = {
  "rule-missing": ({ required }) => ({ action: "create", required }),
  "rule-may-be-impossible": "never-fails",
  "rule-differs": ({ required }) => ({ action: "give-required-upstream", required }),
};
