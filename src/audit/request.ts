import type { Trigger } from "../model/report.ts";
import { withoutSlash } from "../policy/prefix.ts";

/** What one audit is asked to do. Lists narrow the policy's scope and never widen it. */
export type AuditRequest = {
  readonly trigger: Trigger;
  readonly accounts: readonly string[] | null;
  readonly regions: readonly string[] | null;
  readonly prefixes: readonly string[] | null;
};

/** The request for everything that the policy's scope holds. */
export function wholeScope(trigger: Trigger): AuditRequest {
  return { trigger, accounts: null, regions: null, prefixes: null };
}

/** Whether a request asks for everything that the policy's scope holds. */
export function isWholeScope({ accounts, regions, prefixes }: AuditRequest): boolean {
  return accounts === null && regions === null && prefixes === null;
}

/**
 * Which prefixes an audit judges. `null` stands for what concerns a registry as a whole, which an audit of
 * single rules does not judge.
 */
export type PrefixFilter = (prefix: string | null) => boolean;

/** The filter that a request asks for; prefixes with and without a slash at the end are the same. */
export function prefixFilter({ prefixes }: AuditRequest): PrefixFilter {
  if (prefixes === null) return () => true;
  const requested = new Set(prefixes.map(withoutSlash));
  return (prefix) => prefix !== null && requested.has(withoutSlash(prefix));
}

/** Whether `value` is among those asked for; everything is when nothing was named. */
export function isRequested(requested: readonly string[] | null, value: string): boolean {
  return requested === null || requested.includes(value);
}
