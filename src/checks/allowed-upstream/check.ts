import { entriesAllowing } from "../../policy/matching/allowed.ts";
import { defineRuleCheck } from "../define-check.ts";
import { pass } from "../verdict.ts";
import { allowedUpstreamRemediation } from "./remediation.ts";
import { allowedUpstreamText } from "./text.ts";

/** Fails if the policy does not allow the upstream of a rule. */
export const allowedUpstream = defineRuleCheck({
  id: "allowed-upstream",
  severity: "high",
  text: allowedUpstreamText,
  remediation: allowedUpstreamRemediation,
  predictable: true,
  evaluate: ({ rule, policy }) => {
    const { upstreamRegistry, upstreamRegistryUrl } = rule;
    if (entriesAllowing(policy, rule).length > 0) return pass;
    return upstreamRegistry === null
      ? { status: "FAIL", kind: "upstream-not-recognized", data: { upstreamRegistryUrl } }
      : { status: "FAIL", kind: "upstream-not-allowed", data: { upstreamRegistry, upstreamRegistryUrl } };
  },
});
