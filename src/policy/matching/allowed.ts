import { matchesAnyName } from "../../core/wildcards.ts";
import { coversPrefix, withoutSlash } from "../../ecr/prefix.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { parseEcrUrl, upstreamHost } from "../../ecr/upstream.ts";
import type { Policy } from "../schema.ts";
import type { AllowedUpstream } from "../sections/allowed-upstreams.ts";

/** Whether one of `patterns` matches the host of an upstream's URL, however either is spelled. */
export function matchesHost(patterns: readonly string[], url: string): boolean {
  return matchesAnyName(patterns.map(upstreamHost), upstreamHost(url));
}

/** One thing in which a rule reaches further than an entry of `allowedUpstreams` allows. */
type ScopeMisfit = {
  readonly aspect: "account" | "region" | "upstream-prefix";
  readonly given: string;
  readonly allowed: readonly string[];
};

/** Whether an entry says how much of its upstream may be cached. */
export function narrowsScope({ accounts, regions, upstreamPrefixes }: AllowedUpstream): boolean {
  return [accounts, regions, upstreamPrefixes].some((patterns) => patterns !== undefined);
}

/** In what a rule reaches further than an entry allows. Only ECR upstreams have an account and a region. */
export function scopeMisfits(
  { accounts, regions, upstreamPrefixes }: AllowedUpstream,
  { upstreamRegistryUrl, upstreamRepositoryPrefix }: PullThroughCacheRule,
): readonly ScopeMisfit[] {
  const misfits: ScopeMisfit[] = [];
  const ecr = parseEcrUrl(upstreamRegistryUrl);
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
