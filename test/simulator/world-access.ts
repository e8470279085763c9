import type { Account, Region, RegionOptStatus, World } from "./world.ts";

/** A region in which nothing was ever made. */
export function emptyRegion(): Region {
  return {
    rules: [],
    templates: [],
    scanning: { scanType: "BASIC", rules: [] },
    secrets: [],
    topics: [],
    eventBuses: [],
    buckets: [],
    securityHub: false,
  };
}

/** What an account has in a region. A region that nobody has touched yet comes into being. */
export function regionOf(world: World, accountId: string, regionName: string): Region {
  const account = world.accounts[accountId];
  if (account === undefined) return emptyRegion();
  const region = account.regions[regionName] ?? emptyRegion();
  account.regions[regionName] = region;
  return region;
}

/** How an account stands to a region; `undefined` for a region that this world does not know. */
export function regionStatusOf(
  world: World,
  account: Account,
  regionName: string,
): RegionOptStatus | undefined {
  const common = world.regions.includes(regionName) ? "ENABLED_BY_DEFAULT" : undefined;
  return account.regionStatus[regionName] ?? common;
}

/** Whether the region takes the account's calls. Source: Account API, `RegionOptStatus`. */
export function isRegionEnabled(world: World, accountId: string, regionName: string): boolean {
  const account = world.accounts[accountId];
  const status = account && regionStatusOf(world, account, regionName);
  return status === "ENABLED" || status === "ENABLED_BY_DEFAULT" || status === "DISABLING";
}

/** Whether an account may speak for the organization. */
export function isOrganizationAdministrator(world: World, accountId: string): boolean {
  const { organization } = world;
  if (organization === undefined) return false;
  return (
    organization.managementAccountId === accountId || organization.delegatedAdministrators.includes(accountId)
  );
}
