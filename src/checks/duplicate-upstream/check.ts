import { compareValues } from "../../core/order.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { parseEcrUrl, upstreamHost } from "../../ecr/upstream.ts";
import type { ObservedRule } from "../../facts/snapshot.ts";
import { defineRuleCheck } from "../define-check.ts";
import { perRegistry } from "../siblings.ts";
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
    const oldest = oldestBesides(rule, siblings, cached);
    if (oldest === undefined || byAge(rule, oldest) <= 0) return pass;
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

/** A sibling whose upstream is not known yet, and the error that reading it throws. */
type UnreadableSibling = { readonly prefix: string; readonly error: unknown };

/** What the rules of a registry cache. */
type UpstreamIndex = {
  readonly oldestCaching: ReadonlyMap<string, PullThroughCacheRule>;
  /** The error that reading the prefix of a rule throws, by what the rule caches; under `null` if that is not known. */
  readonly unprefixed: ReadonlyMap<string | null, unknown>;
  /** At most two, with different prefixes: for every rule, one of them has another prefix than the rule. */
  readonly unreadable: readonly UnreadableSibling[];
};

/**
 * The oldest rule that caches `cached`. Among rules of the same age it is the one whose prefix sorts first.
 *
 * @throws the error of the first sibling with another prefix whose upstream is not known yet, or of one whose prefix is
 * not known and that may cache the same
 */
function oldestBesides(
  rule: PullThroughCacheRule,
  siblings: readonly ObservedRule[],
  cached: string,
): PullThroughCacheRule | undefined {
  const { oldestCaching, unprefixed, unreadable } = upstreamIndexOf(siblings);
  for (const key of [null, cached]) if (unprefixed.has(key)) throw unprefixed.get(key);
  const [first, second] = unreadable;
  const other = first !== undefined && hasPrefix(rule, first.prefix) ? second : first;
  if (other !== undefined) throw other.error;
  return oldestCaching.get(cached);
}

/** Whether a rule has this prefix. A prefix that is not known yet is another. */
function hasPrefix(rule: PullThroughCacheRule, prefix: string): boolean {
  try {
    return rule.ecrRepositoryPrefix === prefix;
  } catch {
    return false;
  }
}

const upstreamIndexOf = perRegistry(buildIndex);

function buildIndex(siblings: readonly ObservedRule[]): UpstreamIndex {
  const oldestCaching = new Map<string, PullThroughCacheRule>();
  const unprefixed = new Map<string | null, unknown>();
  const unreadable: UnreadableSibling[] = [];
  for (const { rule } of siblings) {
    const cached = attempt(() => cachedBy(rule));
    const prefix = attempt(() => rule.ecrRepositoryPrefix);
    if ("error" in prefix) {
      unprefixed.set("value" in cached ? cached.value : null, prefix.error);
    } else if ("value" in cached) {
      const oldest = oldestCaching.get(cached.value);
      if (oldest === undefined || byAge(rule, oldest) < 0) oldestCaching.set(cached.value, rule);
    } else {
      const isAnother = unreadable.every((sibling) => sibling.prefix !== prefix.value);
      if (unreadable.length < 2 && isAnother) unreadable.push({ prefix: prefix.value, error: cached.error });
    }
  }
  return { oldestCaching, unprefixed, unreadable };
}

function attempt<T>(read: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: read() };
  } catch (error) {
    return { error };
  }
}

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
