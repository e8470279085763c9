import { ROOT_PREFIX } from "../model/rule.ts";
import { defineRuleCheck } from "./define-check.ts";
import { type RootPrefixKinds, rootPrefixText } from "./texts/root-prefix.ts";
import { notDemanded, pass } from "./verdict.ts";

/** Fails when a rule catches all repositories although the policy forbids it. */
export const rootPrefix = defineRuleCheck<RootPrefixKinds>({
  id: "root-prefix",
  severity: "high",
  text: rootPrefixText,
  judge: ({ rule, policy }) => {
    if (policy.prefixes.root === "allow") return notDemanded;
    if (rule.ecrRepositoryPrefix !== ROOT_PREFIX) return pass;
    const { upstreamRegistryUrl } = rule;
    return { status: "FAIL", kind: "root-forbidden", data: { upstreamRegistryUrl } };
  },
});
