import { withoutSlash } from "./prefix.ts";
import { ROOT_PREFIX } from "./rule.ts";

/** Whether a repository lies under a prefix: ECR assumes a slash at its end. Every repository lies under `ROOT`. */
export function liesUnder(name: string, prefix: string): boolean {
  return prefix === ROOT_PREFIX || name.startsWith(`${withoutSlash(prefix)}/`);
}

/**
 * The prefix of the rule that covers a repository: the most specific one of a rule that exists, else of a former one,
 * else `ROOT` if there is such a rule; `null` if none covers it.
 */
export function coveringPrefix(
  name: string,
  prefixes: readonly string[],
  formerPrefixes: readonly string[] = [],
): string | null {
  const root = prefixes.includes(ROOT_PREFIX) ? ROOT_PREFIX : null;
  return mostSpecific(name, prefixes) ?? mostSpecific(name, formerPrefixes) ?? root;
}

function mostSpecific(name: string, prefixes: readonly string[]): string | null {
  let longest: string | null = null;
  for (const prefix of prefixes) {
    if (prefix === ROOT_PREFIX || !liesUnder(name, prefix)) continue;
    if (longest === null || withoutSlash(prefix).length > withoutSlash(longest).length) longest = prefix;
  }
  return longest;
}
