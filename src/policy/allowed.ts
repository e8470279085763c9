import type { PullThroughCacheRule } from "../model/rule.ts";
import { matchesHost } from "./hosts.ts";
import { matchesAnyName } from "./matching.ts";
import { withoutSlash } from "./prefix.ts";
import type { Policy } from "./schema.ts";
import type { AllowedUpstream } from "./sections/allowed-upstreams.ts";
import { scopeMisfits } from "./upstream-scope.ts";

/**
 * The entries of `allowedUpstreams` that allow the rule's upstream, by its registry and host. What else an
 * entry asks (prefix, credential, role, upstream account) is judged by checks of its own.
 */
export function entriesAllowing(policy: Policy, rule: PullThroughCacheRule): readonly AllowedUpstream[] {
  return policy.allowedUpstreams.filter(
    ({ registry, urls }) =>
      registry === rule.upstreamRegistry &&
      (urls === undefined || matchesHost(urls, rule.upstreamRegistryUrl)),
  );
}

/** Whether an entry gives its upstream the rule's prefix. */
export function givesPrefix({ prefixes }: AllowedUpstream, rule: PullThroughCacheRule): boolean {
  return (
    prefixes === undefined ||
    matchesAnyName(prefixes.map(withoutSlash), withoutSlash(rule.ecrRepositoryPrefix))
  );
}

/**
 * The entries that say how much of its upstream the rule may cache: of those that allow the upstream the ones
 * that give it the rule's prefix, or all where none does, which `prefix-convention` reports.
 */
export function entriesOnScope(policy: Policy, rule: PullThroughCacheRule): readonly AllowedUpstream[] {
  return preferring(entriesAllowing(policy, rule), (entry) => givesPrefix(entry, rule));
}

/**
 * The entries that say what the rule may authenticate with: of {@link entriesOnScope} the ones whose scope it
 * keeps to, or all where it keeps to none, which `upstream-scope` reports.
 */
export function entriesOnAccess(policy: Policy, rule: PullThroughCacheRule): readonly AllowedUpstream[] {
  return preferring(entriesOnScope(policy, rule), (entry) => scopeMisfits(entry, rule).length === 0);
}

/**
 * The names that one of `entries` allows: `null` where some entry asks for none in particular, and where there
 * is no entry that could ask.
 */
export function namesAllowed(
  entries: readonly AllowedUpstream[],
  key: "secretNames" | "roleNames",
): readonly string[] | null {
  const lists = entries.map((entry) => entry[key]);
  const asked = lists.filter((list) => list !== undefined);
  return asked.length === 0 || asked.length < lists.length ? null : asked.flat();
}

/** The items that fit, or all of them where none does. */
function preferring<T>(items: readonly T[], fits: (item: T) => boolean): readonly T[] {
  const fitting = items.filter(fits);
  return fitting.length > 0 ? fitting : items;
}
