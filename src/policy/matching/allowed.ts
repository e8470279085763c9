import { memoize } from "../../core/memoize.ts";
import { matchesAnyName } from "../../core/wildcards.ts";
import { coversPrefix, withoutSlash } from "../../ecr/prefix.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { parseEcrUrl, upstreamHost } from "../../ecr/upstream.ts";
import type { Policy } from "../schema.ts";
import type { AllowedUpstream } from "../sections/allowed-upstreams.ts";

/** Whether one of `patterns` matches the host of an upstream's URL, regardless of their spelling. */
export function matchesHost(patterns: readonly string[], url: string): boolean {
  return matchesAnyName(patterns.map(upstreamHost), upstreamHost(url));
}

/** One property in which a rule exceeds what an `allowedUpstreams` entry allows. */
type ScopeMisfit = {
  readonly aspect: "account" | "region" | "upstream-prefix";
  readonly given: string;
  readonly allowed: readonly string[];
};

/** Whether an entry restricts how much of its upstream rules may cache. */
export function narrowsScope({ upstreamPrefixes }: AllowedUpstream): boolean {
  return upstreamPrefixes !== undefined;
}

/**
 * The upstream's account and region that an entry does not allow. Only ECR upstreams have an account and a region.
 */
export function originMisfits(entry: AllowedUpstream, rule: PullThroughCacheRule): readonly ScopeMisfit[] {
  return scopeMisfits(entry, rule).filter(({ aspect }) => aspect !== "upstream-prefix");
}

/** Of the misfits of several entries, those of the entry that matches best; the first one of equally close entries. */
export function fewestOf(misfits: readonly (readonly ScopeMisfit[])[]): readonly ScopeMisfit[] {
  return misfits.reduce((fewer, next) => (next.length < fewer.length ? next : fewer));
}

/** The properties in which a rule exceeds what an entry allows. Only ECR upstreams have an account and a region. */
export function scopeMisfits(
  { accounts, regions, upstreamPrefixes }: AllowedUpstream,
  { upstreamRegistryUrl, upstreamRepositoryPrefix }: PullThroughCacheRule,
): readonly ScopeMisfit[] {
  const misfits: ScopeMisfit[] = [];
  const isRestricted = accounts !== undefined || regions !== undefined;
  const ecr = isRestricted ? parseEcrUrl(upstreamRegistryUrl) : null;
  if (ecr !== null && accounts !== undefined && !matchesAnyName(accounts, ecr.account)) {
    misfits.push({ aspect: "account", given: ecr.account, allowed: accounts });
  }
  if (ecr !== null && regions !== undefined && !matchesAnyName(regions, ecr.region)) {
    misfits.push({ aspect: "region", given: ecr.region, allowed: regions });
  }
  if (upstreamPrefixes !== undefined && !coversPrefix(upstreamPrefixes, upstreamRepositoryPrefix)) {
    misfits.push({ aspect: "upstream-prefix", given: upstreamRepositoryPrefix, allowed: upstreamPrefixes });
  }
  return misfits;
}

/** The `allowedUpstreams` entries for the rule's upstream, by its registry and host. */
export function entriesNaming(
  { allowedUpstreams }: Policy,
  rule: PullThroughCacheRule,
): readonly AllowedUpstream[] {
  // Without entries nothing of the rule is read: its upstream may not be known yet.
  if (allowedUpstreams.length === 0) return allowedUpstreams;
  const entries = entriesByRegistry(allowedUpstreams).get(rule.upstreamRegistry) ?? [];
  return matching(entries, ({ urls }) => urls === undefined || matchesHost(urls, rule.upstreamRegistryUrl));
}

/** Grouped once for each effective policy. */
const entriesByRegistry = memoize(
  new WeakMap<readonly AllowedUpstream[], ReadonlyMap<string | null, readonly AllowedUpstream[]>>(),
  (entries) => Map.groupBy<string | null, AllowedUpstream>(entries, ({ registry }) => registry),
);

/**
 * The `allowedUpstreams` entries that allow the rule's upstream: its registry and host, and of an ECR upstream its account
 * and region. Separate checks evaluate the other requirements of an entry (prefix, credential, role, upstream prefix).
 */
export function entriesAllowing(policy: Policy, rule: PullThroughCacheRule): readonly AllowedUpstream[] {
  return matching(entriesNaming(policy, rule), (entry) => originMisfits(entry, rule).length === 0);
}

/** Whether an entry allows the rule's prefix for its upstream. */
export function allowsPrefix({ prefixes }: AllowedUpstream, rule: PullThroughCacheRule): boolean {
  return (
    prefixes === undefined ||
    matchesAnyName(prefixes.map(withoutSlash), withoutSlash(rule.ecrRepositoryPrefix))
  );
}

/**
 * The entries that determine how much of its upstream the rule may cache: among those that allow the upstream, the ones
 * that allow the rule's prefix. If none allows the upstream's account and region, which `allowed-upstream` reports, or
 * none the prefix, which `prefix-convention` reports, all of them.
 */
export function entriesOnScope(policy: Policy, rule: PullThroughCacheRule): readonly AllowedUpstream[] {
  const allowing = preferring(
    entriesNaming(policy, rule),
    (entry) => originMisfits(entry, rule).length === 0,
  );
  return preferring(allowing, (entry) => allowsPrefix(entry, rule));
}

/**
 * The entries that determine with what the rule may authenticate: among {@link entriesOnScope}, the ones whose scope
 * the rule does not exceed. If there is none, which `upstream-scope` reports, all of them.
 */
export function entriesOnAccess(policy: Policy, rule: PullThroughCacheRule): readonly AllowedUpstream[] {
  return preferring(entriesOnScope(policy, rule), (entry) => scopeMisfits(entry, rule).length === 0);
}

/**
 * The names that at least one of `entries` allows; `null` if some entry does not restrict the names, or if there are
 * no entries.
 */
export function namesAllowed(
  entries: readonly AllowedUpstream[],
  key: "secretNames" | "roleNames",
): readonly string[] | null {
  const lists = entries.map((entry) => entry[key]);
  const restricting = lists.filter((list) => list !== undefined);
  return restricting.length === 0 || restricting.length < lists.length ? null : restricting.flat();
}

/** The items that match, or all items if none matches. */
function preferring<T>(items: readonly T[], matches: (item: T) => boolean): readonly T[] {
  const preferred = matching(items, matches);
  return preferred.length > 0 ? preferred : items;
}

/** The items that match. Mostly all do: the list is then not copied. */
function matching<T>(items: readonly T[], matches: (item: T) => boolean): readonly T[] {
  return items.every(matches) ? items : items.filter(matches);
}
