import { partsOf } from "../../ecr/rule.ts";
import {
  entriesAllowing,
  entriesOnScope,
  fewestOf,
  narrowsScope,
  scopeMisfits,
} from "../../policy/matching/allowed.ts";
import { defineRuleCheck } from "../define-check.ts";
import { notDemanded, pass } from "../verdict.ts";
import { upstreamScopeRemediation } from "./remediation.ts";
import { upstreamScopeText } from "./text.ts";

/**
 * Fails if a rule caches more repositories of its upstream than any entry allows. `allowed-upstream` reports upstreams,
 * accounts and regions that are not allowed at all.
 */
export const upstreamScope = defineRuleCheck({
  id: "upstream-scope",
  severity: "medium",
  text: upstreamScopeText,
  remediation: upstreamScopeRemediation,
  predictable: true,
  isAskedBy: ({ allowedUpstreams }) => allowedUpstreams.some(narrowsScope),
  evaluate: ({ rule, policy }) => {
    if (entriesAllowing(policy, rule).length === 0) return notDemanded;
    const entries = entriesOnScope(policy, rule);
    if (!entries.some(narrowsScope)) return notDemanded;
    const [misfit] = fewestOf(entries.map((entry) => scopeMisfits(entry, rule)));
    if (misfit === undefined) return pass;
    return {
      status: "FAIL",
      kind: "upstream-prefix-not-allowed",
      // Part of the finding's id: kept from when the check also reported accounts and regions.
      subject: "upstream-prefix",
      data: { ...partsOf(rule), given: misfit.given, allowed: misfit.allowed },
    };
  },
});
