import { withoutSlash } from "../../ecr/prefix.ts";
import type { Trigger } from "../../schemas/report.ts";

/** What narrows the policy's scope; lists never widen it, and `null` leaves it as it is. */
export type Narrowing = {
  readonly accounts: readonly string[] | null;
  readonly regions: readonly string[] | null;
  readonly prefixes: readonly string[] | null;
};

/** What one audit is asked to do. */
export type AuditRequest = Narrowing & { readonly trigger: Trigger };

/** The request for everything that the policy's scope holds. */
export function wholeScope(trigger: Trigger): AuditRequest {
  return { trigger, accounts: null, regions: null, prefixes: null };
}

/** Whether a request asks for everything that the policy's scope holds. */
export function isWholeScope({ accounts, regions, prefixes }: Narrowing): boolean {
  return accounts === null && regions === null && prefixes === null;
}

/**
 * Which prefixes an audit judges. `null` stands for what concerns a registry as a whole, which an audit of
 * single rules does not judge.
 */
export type PrefixFilter = (prefix: string | null) => boolean;

/** The filter that a request asks for; prefixes with and without a slash at the end are the same. */
export function prefixFilter({ prefixes }: Pick<Narrowing, "prefixes">): PrefixFilter {
  if (prefixes === null) return () => true;
  const requested = new Set(prefixes.map(withoutSlash));
  return (prefix) => prefix !== null && requested.has(withoutSlash(prefix));
}

/** Whether `value` is among those asked for; everything is when nothing was named. */
export function isRequested(requested: readonly string[] | null, value: string): boolean {
  return requested === null || requested.includes(value);
}
