import { withoutSlash } from "../../ecr/prefix.ts";
import type { Trigger } from "../../schemas/report.ts";

/** Narrows the policy's scope. Lists never widen it, and `null` leaves it unchanged. */
export type Narrowing = {
  readonly accounts: readonly string[] | null;
  readonly regions: readonly string[] | null;
  readonly prefixes: readonly string[] | null;
};

/** The request for one audit. */
export type AuditRequest = Narrowing & { readonly trigger: Trigger };

/** The request for the whole scope of the policy. */
export function wholeScope(trigger: Trigger): AuditRequest {
  return { trigger, accounts: null, regions: null, prefixes: null };
}

/** Whether a request covers the whole scope of the policy. */
export function isWholeScope({ accounts, regions, prefixes }: Narrowing): boolean {
  return accounts === null && regions === null && prefixes === null;
}

/** Whether an audit evaluates a prefix. `null` stands for the whole registry, which an audit of single rules leaves out. */
export type PrefixFilter = (prefix: string | null) => boolean;

/** The prefix filter of a request. A trailing slash makes no difference. */
export function prefixFilter({ prefixes }: Pick<Narrowing, "prefixes">): PrefixFilter {
  if (prefixes === null) return () => true;
  const requested = new Set(prefixes.map(withoutSlash));
  return (prefix) => prefix !== null && requested.has(withoutSlash(prefix));
}

/** Whether `value` is requested. If nothing is named, everything is. */
export function isRequested(requested: readonly string[] | null, value: string): boolean {
  return requested === null || requested.includes(value);
}
