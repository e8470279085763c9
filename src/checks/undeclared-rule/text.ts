import { deleteRule } from "../../ecr/commands.ts";
import type { CheckText, Place } from "../verdict.ts";

export type UndeclaredRuleKinds = {
  "rule-undeclared": { upstreamRegistryUrl: string };
  "rule-declared-elsewhere": { upstreamRegistryUrl: string };
};

export const undeclaredRuleText = {
  title: "Undeclared rules",
  failsWhen: "a rule exists that nothing declares, and that is forbidden",
  kinds: {
    "rule-undeclared": {
      title: "Rule is not declared",
      message: ({ upstreamRegistryUrl }) =>
        `The rule caches ${upstreamRegistryUrl}, and no requiredRules entry names its prefix.`,
      remediation: (_data, place) =>
        `Add its prefix to requiredRules, when it is meant to be there. Otherwise ${remove(place)}`,
    },
    "rule-declared-elsewhere": {
      title: "Rule is declared for other registries only",
      message: ({ upstreamRegistryUrl }, { account, region }) =>
        `The rule caches ${upstreamRegistryUrl}; requiredRules name its prefix, but not for account ${account} in ${region}.`,
      remediation: (_data, place) =>
        `Let a requiredRules entry of its prefix hold for this registry too, when it is meant to be here. Otherwise ${remove(place)}`,
    },
  },
} satisfies CheckText<UndeclaredRuleKinds>;

/** The command stands at the end, so that it can be copied as it is. */
function remove(place: Place): string {
  return `delete the rule (cached repositories stay): ${deleteRule(place)}`;
}
