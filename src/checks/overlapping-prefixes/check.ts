import { defineRuleCheck } from "../define-check.ts";
import { prefixIndexOf } from "../siblings.ts";
import { notDemanded, pass } from "../verdict.ts";
import { overlappingPrefixesRemediation } from "./remediation.ts";
import { overlappingPrefixesText } from "./text.ts";

/** Fails for a rule whose prefix is nested inside the prefix of another rule. No prefix is nested inside `ROOT`. */
export const overlappingPrefixes = defineRuleCheck({
  id: "overlapping-prefixes",
  severity: "medium",
  text: overlappingPrefixesText,
  remediation: overlappingPrefixesRemediation,
  predictable: true,
  isAskedBy: ({ prefixes }) => prefixes.overlap !== "allow",
  evaluate: ({ rule, siblings, policy }) => {
    if (policy.prefixes.overlap === "allow") return notDemanded;
    const prefix = rule.ecrRepositoryPrefix;
    const failures = prefixIndexOf(siblings)
      .around(prefix)
      .map((sibling) => sibling.rule)
      .filter(({ ecrRepositoryPrefix: outer }) => outer !== prefix)
      .map((outer) => ({
        status: "FAIL" as const,
        kind: "prefix-inside-another" as const,
        subject: outer.ecrRepositoryPrefix,
        data: {
          outer: outer.ecrRepositoryPrefix,
          outerUpstream: outer.upstreamRegistryUrl,
          upstream: rule.upstreamRegistryUrl,
        },
      }));
    return failures.length > 0 ? failures : pass;
  },
});
