import { advice } from "../../core/advice.ts";
import { aws, deleteRule } from "../../ecr/commands.ts";
import type { CheckText } from "../verdict.ts";

export type RuleQuotaKinds = {
  "quota-nearly-used": { used: number; quota: number };
};

export const ruleQuotaText: CheckText<RuleQuotaKinds> = {
  title: "Rule quota",
  failsWhen: "the registry uses 80% or more of its quota of 50 rules",
  kinds: {
    "quota-nearly-used": {
      title: "Registry has nearly reached the rule quota",
      message: ({ used, quota }) => `The registry uses ${used} of the ${quota} rules that AWS allows.`,
      remediation: (_data, ref) =>
        advice`AWS does not increase this quota. Find unused rules in account ${ref.account}: ${aws("ecr describe-pull-through-cache-rules", ref, {})}; then delete each of them: ${deleteRule({ ...ref, prefix: "PREFIX" })}`,
    },
  },
};
