/** A registry: an account × a region. */
export type Registry = { readonly account: string; readonly region: string };

/** A registry, or a rule in it by its prefix; `null` stands for the registry as a whole. */
export type RuleRef = Registry & { readonly prefix: string | null };

/** What stands for the account of registries whose accounts could not be listed. */
export const ALL_ACCOUNTS = "*";

/** What stands for the region of registries whose regions could not be listed. */
export const ALL_REGIONS = "*";

/** The key of a registry in maps, in the state and in the names of stored files: `account/region`. */
export function registryKey({ account, region }: Registry): string {
  return `${account}/${region}`;
}

/** The registry that a key of {@link registryKey} stands for. */
export function registryOfKey(key: string): Registry {
  const [account = "", region = ""] = key.split("/");
  return { account, region };
}
