import type { Instructions } from "../remediation.ts";
import type { RuleValidationKinds } from "./text.ts";

export const ruleValidationRemediation: Instructions<RuleValidationKinds> = {
  "validation-failed": "instruct",
  "validation-declined": "never-fails",
  "rule-deleted": "never-fails",
};
