import { withoutSlash } from "../../ecr/prefix.ts";
import { ALL_ACCOUNTS, ALL_REGIONS, type Registry, registryKey } from "../../ecr/registry.ts";
import type { Trigger } from "../../schemas/report.ts";

/** Narrows the policy's scope. Lists never widen it, and `null` leaves it unchanged. */
export type Narrowing = {
  readonly accounts: readonly string[] | null;
  readonly regions: readonly string[] | null;
  readonly prefixes: readonly string[] | null;
};

/** The request for one audit. */
export type AuditRequest = Narrowing & {
  readonly trigger: Trigger;
  /**
   * The keys of the only registries to audit among those of `accounts` and `regions`, for events about several. Default:
   * all of them.
   */
  readonly registries?: readonly string[];
};

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

/** Whether a registry is among those that a request for several events names. */
export function isRegistryRequested(
  { registries }: Pick<AuditRequest, "registries">,
  registry: Registry,
): boolean {
  if (registries === undefined) return true;
  const { account, region } = registry;
  const isUnlisted = account === ALL_ACCOUNTS || region === ALL_REGIONS;
  return isUnlisted || registries.includes(registryKey(registry));
}

/** Whether `value` is requested. If nothing is named, everything is. */
export function isRequested(requested: readonly string[] | null, value: string): boolean {
  return requested === null || requested.includes(value);
}
