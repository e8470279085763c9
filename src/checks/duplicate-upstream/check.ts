import { compareValues } from "../../core/order.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { parseEcrUrl, upstreamHost } from "../../ecr/upstream.ts";
import { defineRuleCheck } from "../define-check.ts";
import { pass } from "../verdict.ts";
import { duplicateUpstreamRemediation } from "./remediation.ts";
import { duplicateUpstreamText } from "./text.ts";

/** Fails when an older rule of the registry caches the same: of several the oldest passes. */
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

/** What a rule caches, however its URL and its upstream prefix are spelled. */
function cachedBy({ upstreamRegistryUrl, upstreamRepositoryPrefix }: PullThroughCacheRule): string {
  const registry = parseEcrUrl(upstreamRegistryUrl) ?? upstreamHost(upstreamRegistryUrl);
  return JSON.stringify([registry, withoutSlash(upstreamRepositoryPrefix)]);
}

/** Oldest first; rules of the same or of unknown age by their prefixes, after those whose age is known. */
function byAge(a: PullThroughCacheRule, b: PullThroughCacheRule): number {
  return compareValues(bornAt(a), bornAt(b)) || compareValues(a.ecrRepositoryPrefix, b.ecrRepositoryPrefix);
}

function bornAt({ createdAt }: PullThroughCacheRule): number {
  return createdAt === null ? Number.POSITIVE_INFINITY : Date.parse(createdAt);
}
