import { withoutSlash } from "../../ecr/prefix.ts";
import { namesRegistry } from "../../policy/matching/where.ts";
import { defineRuleCheck } from "../define-check.ts";
import { pass } from "../verdict.ts";
import { undeclaredRuleRemediation } from "./remediation.ts";
import { undeclaredRuleText } from "./text.ts";

/** Fails for a rule that no `requiredRules` entry for its registry declares. */
export const undeclaredRule = defineRuleCheck({
  id: "undeclared-rule",
  severity: "medium",
  text: undeclaredRuleText,
  remediation: undeclaredRuleRemediation,
  predictable: true,
  isDemanded: ({ undeclaredRules }) => undeclaredRules === "forbid",
  evaluate: ({ rule, registry, policy }) => {
    const prefix = withoutSlash(rule.ecrRepositoryPrefix);
    const namesakes = policy.requiredRules.filter((required) => withoutSlash(required.prefix) === prefix);
    if (namesakes.some((required) => namesRegistry(required, registry.target))) return pass;
    const { upstreamRegistryUrl } = rule;
    return namesakes.length === 0
      ? { status: "FAIL", kind: "rule-undeclared", data: { upstreamRegistryUrl } }
      : { status: "FAIL", kind: "rule-declared-elsewhere", data: { upstreamRegistryUrl } };
  },
});
