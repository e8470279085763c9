import { matchesAnyName } from "../core/wildcards.ts";
import { ROOT_PREFIX } from "./rule.ts";

/**
 * What a rule's prefix looks like: `PullThroughCacheRuleRepositoryPrefix` of the ECR service model, with 2 to 30
 * characters (November 2026).
 */
export const prefixForm = {
  pattern: /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/,
  length: { min: 2, max: 30 },
} as const;

/**
 * Removes the trailing slash of a repository prefix. ECR assumes one if it is missing (Amazon ECR API reference,
 * CreatePullThroughCacheRule, November 2026).
 */
export function withoutSlash(prefix: string): string {
  return prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
}

/** Whether two prefixes are the same to ECR, with or without a trailing slash. */
export function isSamePrefix(one: string, other: string): boolean {
  return withoutSlash(one) === withoutSlash(other);
}

/** Whether `inner` is nested inside `outer`, or the same prefix. */
export function isNestedIn(inner: string, outer: string): boolean {
  return `${withoutSlash(inner)}/`.startsWith(`${withoutSlash(outer)}/`);
}

/** Whether one of `patterns` matches a prefix, with or without its trailing slash: `a/*` matches `a`. */
export function matchesAnyPrefix(patterns: readonly string[], prefix: string): boolean {
  if (prefix === ROOT_PREFIX) return matchesAnyName(patterns, ROOT_PREFIX);
  const bare = withoutSlash(prefix);
  return matchesAnyName(patterns, bare) || matchesAnyName(patterns, `${bare}/`);
}

/** Whether one of `patterns` matches a prefix or a prefix in which it is nested. Every prefix is nested in `ROOT`. */
export function coversPrefix(patterns: readonly string[], prefix: string): boolean {
  const segments = prefix.split("/");
  const outerPrefixes = segments.map((_, index) => segments.slice(0, index + 1).join("/"));
  return [ROOT_PREFIX, ...outerPrefixes].some((each) => matchesAnyPrefix(patterns, each));
}
