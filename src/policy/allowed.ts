import type { PullThroughCacheRule } from "../model/rule.ts";
import { upstreamHost } from "../model/upstream.ts";
import { matchesAnyName } from "./matching.ts";
import type { Policy } from "./schema.ts";
import type { AllowedUpstream } from "./sections/allowed-upstreams.ts";

/**
 * The entries of `allowedUpstreams` that allow the rule's upstream, by its registry and host. What else an
 * entry asks (prefix, credential, role, upstream account) is judged by checks of its own.
 */
export function entriesAllowing(policy: Policy, rule: PullThroughCacheRule): readonly AllowedUpstream[] {
  return policy.allowedUpstreams.filter(
    ({ registry, urls }) =>
      registry === rule.upstreamRegistry &&
      (urls === undefined || matchesAnyName(urls.map(upstreamHost), upstreamHost(rule.upstreamRegistryUrl))),
  );
}
