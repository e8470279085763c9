import { type Advice, advice } from "../../core/advice.ts";
import { deleteRule } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { CheckText } from "../verdict.ts";

export type UndeclaredRuleKinds = {
  "rule-undeclared": { upstreamRegistryUrl: string };
  "rule-declared-elsewhere": { upstreamRegistryUrl: string };
};

export const undeclaredRuleText: CheckText<UndeclaredRuleKinds> = {
  title: "Undeclared rules",
  failsWhen: "`undeclaredRules` is `forbid`, and `requiredRules` does not declare the rule",
  kinds: {
    "rule-undeclared": {
      title: "Rule is not declared",
      message: ({ upstreamRegistryUrl }) =>
        `The rule caches ${upstreamRegistryUrl}, but no requiredRules entry names its prefix.`,
      remediation: (_data, ref) =>
        advice`If the rule is intended, add its prefix to requiredRules. Otherwise, ${remove(ref)}`,
    },
    "rule-declared-elsewhere": {
      title: "Rule is declared for other registries only",
      message: ({ upstreamRegistryUrl }, { account, region }) =>
        `The rule caches ${upstreamRegistryUrl}; requiredRules names its prefix, but not for account ${account} in ${region}.`,
      remediation: (_data, ref) =>
        advice`If the rule is intended, extend a requiredRules entry for its prefix to this registry. Otherwise, ${remove(ref)}`,
    },
  },
};

/** The command comes last, so that it can be copied unchanged. */
function remove(ref: RuleRef): Advice {
  return advice`delete the rule in account ${ref.account} (cached repositories remain): ${deleteRule(ref)}`;
}
