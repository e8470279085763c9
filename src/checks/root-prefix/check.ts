import { ROOT_PREFIX } from "../../ecr/rule.ts";
import { defineRuleCheck } from "../define-check.ts";
import { notDemanded, pass } from "../verdict.ts";
import { rootPrefixRemediation } from "./remediation.ts";
import { rootPrefixText } from "./text.ts";

/** Fails if a rule has the prefix `ROOT` although the policy forbids it. */
export const rootPrefix = defineRuleCheck({
  id: "root-prefix",
  severity: "high",
  text: rootPrefixText,
  remediation: rootPrefixRemediation,
  predictable: true,
  isAskedBy: ({ prefixes }) => prefixes.root !== "allow",
  evaluate: ({ rule, policy }) => {
    if (policy.prefixes.root === "allow") return notDemanded;
    if (rule.ecrRepositoryPrefix !== ROOT_PREFIX) return pass;
    const { upstreamRegistryUrl } = rule;
    return { status: "FAIL", kind: "root-forbidden", data: { upstreamRegistryUrl } };
  },
});
