/** A registry, identified by account and region. */
export type Registry = { readonly account: string; readonly region: string };

/** A reference to a rule by its prefix, or to a registry as a whole if the prefix is `null`. */
export type RuleRef = Registry & { readonly prefix: string | null };

/** The placeholder for the account if the accounts could not be listed. */
export const ALL_ACCOUNTS = "*";

/** The placeholder for the region if the regions could not be listed. */
export const ALL_REGIONS = "*";

/** The key of a registry in maps, in the state and in the names of stored files: `account/region`. */
export function registryKey({ account, region }: Registry): string {
  return `${account}/${region}`;
}

/** Parses a key of {@link registryKey}. */
export function registryOfKey(key: string): Registry {
  const [account = "", region = ""] = key.split("/");
  return { account, region };
}
