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
 * A repository prefix without the slash at its end, which ECR assumes where it is left out (Amazon ECR API
 * reference, CreatePullThroughCacheRule, November 2026).
 */
export function withoutSlash(prefix: string): string {
  return prefix.replace(/\/$/, "");
}

/** Whether two prefixes are one to ECR, however they are spelled. */
export function isSamePrefix(one: string, other: string): boolean {
  return withoutSlash(one) === withoutSlash(other);
}

/** Whether the repositories under `inner` all lie under `outer` too; also true of equal prefixes. */
export function liesWithin(inner: string, outer: string): boolean {
  return `${withoutSlash(inner)}/`.startsWith(`${withoutSlash(outer)}/`);
}

/** Whether one of `patterns` matches a prefix, spelled with or without the slash at its end: `a/*` matches `a`. */
export function matchesAnyPrefix(patterns: readonly string[], prefix: string): boolean {
  if (prefix === ROOT_PREFIX) return matchesAnyName(patterns, ROOT_PREFIX);
  const bare = withoutSlash(prefix);
  return matchesAnyName(patterns, bare) || matchesAnyName(patterns, `${bare}/`);
}

/** Whether one of `patterns` names a prefix or one that it lies in; every prefix lies in `ROOT`. */
export function coversPrefix(patterns: readonly string[], prefix: string): boolean {
  const segments = prefix.split("/");
  const around = segments.map((_, index) => segments.slice(0, index + 1).join("/"));
  return [ROOT_PREFIX, ...around].some((each) => matchesAnyPrefix(patterns, each));
}
