import { partsOf } from "../../ecr/rule.ts";
import { entriesOnScope, narrowsScope, scopeMisfits } from "../../policy/matching/allowed.ts";
import { defineRuleCheck } from "../define-check.ts";
import { notDemanded, pass } from "../verdict.ts";
import { upstreamScopeRemediation } from "./remediation.ts";
import { upstreamScopeText } from "./text.ts";

/**
 * Fails if a rule caches more of its upstream than any entry allows. It reports the differences from the entry that
 * matches best. `allowed-upstream` reports upstreams that are not allowed at all.
 */
export const upstreamScope = defineRuleCheck({
  id: "upstream-scope",
  severity: "medium",
  text: upstreamScopeText,
  remediation: upstreamScopeRemediation,
  predictable: true,
  isAskedBy: ({ allowedUpstreams }) => allowedUpstreams.some(narrowsScope),
  evaluate: ({ rule, policy }) => {
    const entries = entriesOnScope(policy, rule);
    if (!entries.some(narrowsScope)) return notDemanded;
    const fewest = entries
      .map((entry) => scopeMisfits(entry, rule))
      .reduce((fewer, next) => (next.length < fewer.length ? next : fewer));
    if (fewest.length === 0) return pass;
    return fewest.map(({ aspect, given, allowed }) => ({
      status: "FAIL",
      kind: `${aspect}-not-allowed`,
      subject: aspect,
      data: { ...partsOf(rule), given, allowed },
    }));
  },
});
