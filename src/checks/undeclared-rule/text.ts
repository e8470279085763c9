import { deleteRule } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { CheckText } from "../verdict.ts";

export type UndeclaredRuleKinds = {
  "rule-undeclared": { upstreamRegistryUrl: string };
  "rule-declared-elsewhere": { upstreamRegistryUrl: string };
};

export const undeclaredRuleText: CheckText<UndeclaredRuleKinds> = {
  title: "Undeclared rules",
  failsWhen: "a rule exists that nothing declares, and that is forbidden",
  kinds: {
    "rule-undeclared": {
      title: "Rule is not declared",
      message: ({ upstreamRegistryUrl }) =>
        `The rule caches ${upstreamRegistryUrl}, and no requiredRules entry names its prefix.`,
      remediation: (_data, ref) =>
        `Add its prefix to requiredRules, when it is meant to be there. Otherwise ${remove(ref)}`,
    },
    "rule-declared-elsewhere": {
      title: "Rule is declared for other registries only",
      message: ({ upstreamRegistryUrl }, { account, region }) =>
        `The rule caches ${upstreamRegistryUrl}; requiredRules name its prefix, but not for account ${account} in ${region}.`,
      remediation: (_data, ref) =>
        `Let a requiredRules entry of its prefix hold for this registry too, when it is meant to be here. Otherwise ${remove(ref)}`,
    },
  },
};

/** The command stands at the end, so that it can be copied as it is. */
function remove(ref: RuleRef): string {
  return `delete the rule (cached repositories stay): ${deleteRule(ref)}`;
}
