import type { CheckRemediation } from "../remediation.ts";
import type { UndeclaredRuleKinds } from "./text.ts";

export const undeclaredRuleRemediation: CheckRemediation<UndeclaredRuleKinds> = {
  "rule-undeclared": "delete",
  "rule-declared-elsewhere": "delete",
};
