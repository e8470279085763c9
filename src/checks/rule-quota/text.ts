import { aws, deleteRule } from "../../ecr/commands.ts";
import type { CheckText } from "../verdict.ts";

export type RuleQuotaKinds = {
  "quota-nearly-used": { used: number; quota: number };
};

export const ruleQuotaText: CheckText<RuleQuotaKinds> = {
  title: "Rule quota",
  failsWhen: "80% or more of the 50 rules are used",
  kinds: {
    "quota-nearly-used": {
      title: "Registry has nearly as many rules as AWS allows",
      message: ({ used, quota }) => `${used} of the ${quota} rules that a registry may have are used.`,
      remediation: (_data, ref) =>
        `AWS does not raise this quota. Find rules that nobody needs: ${aws("ecr describe-pull-through-cache-rules", ref, {})}; then delete each of them: ${deleteRule({ ...ref, prefix: "PREFIX" })}`,
    },
  },
};
