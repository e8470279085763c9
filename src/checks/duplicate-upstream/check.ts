import { compareValues } from "../../core/order.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { parseEcrUrl, upstreamHost } from "../../ecr/upstream.ts";
import { defineRuleCheck } from "../define-check.ts";
import { pass } from "../verdict.ts";
import { duplicateUpstreamRemediation } from "./remediation.ts";
import { duplicateUpstreamText } from "./text.ts";

/** Fails if an older rule of the registry caches the same upstream. The oldest of several rules passes. */
export const duplicateUpstream = defineRuleCheck({
  id: "duplicate-upstream",
  severity: "low",
  text: duplicateUpstreamText,
  remediation: duplicateUpstreamRemediation,
  predictable: true,
  isDemanded: ({ prefixes }) => prefixes.duplicateUpstreams === "forbid",
  evaluate: ({ rule, siblings }) => {
    const cached = cachedBy(rule);
    const [oldest = rule] = siblings
      .map((sibling) => sibling.rule)
      .filter((sibling) => cachedBy(sibling) === cached)
      .toSorted(byAge);
    if (oldest === rule) return pass;
    const { upstreamRegistryUrl, upstreamRepositoryPrefix } = rule;
    const oldestPrefix = oldest.ecrRepositoryPrefix;
    return {
      status: "FAIL",
      kind: "upstream-cached-already",
      subject: oldestPrefix,
      data: { oldestPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix },
    };
  },
});

/** The normalized upstream and upstream prefix of a rule. */
function cachedBy({ upstreamRegistryUrl, upstreamRepositoryPrefix }: PullThroughCacheRule): string {
  const registry = parseEcrUrl(upstreamRegistryUrl) ?? upstreamHost(upstreamRegistryUrl);
  return JSON.stringify([registry, withoutSlash(upstreamRepositoryPrefix)]);
}

/** Sorts by age, oldest first, and rules of unknown age last. Rules of the same age are sorted by prefix. */
function byAge(a: PullThroughCacheRule, b: PullThroughCacheRule): number {
  return (
    compareValues(creationTime(a), creationTime(b)) ||
    compareValues(a.ecrRepositoryPrefix, b.ecrRepositoryPrefix)
  );
}

function creationTime({ createdAt }: PullThroughCacheRule): number {
  return createdAt === null ? Number.POSITIVE_INFINITY : Date.parse(createdAt);
}
