import type { Account, Region, RegionOptStatus, World } from "./world.ts";

/** A region without resources. */
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

/** The resources of an account in a region. An unused region is created. */
export function regionOf(world: World, accountId: string, regionName: string): Region {
  const account = world.accounts[accountId];
  if (account === undefined) return emptyRegion();
  const region = account.regions[regionName] ?? emptyRegion();
  account.regions[regionName] = region;
  return region;
}

/** The status of a region for an account; `undefined` for a region that is not in this world. */
export function regionStatusOf(
  world: World,
  account: Account,
  regionName: string,
): RegionOptStatus | undefined {
  const common = world.regions.includes(regionName) ? "ENABLED_BY_DEFAULT" : undefined;
  return account.regionStatus[regionName] ?? common;
}

/** Whether the region accepts the account's calls. Source: Account API, `RegionOptStatus`. */
export function isRegionEnabled(world: World, accountId: string, regionName: string): boolean {
  const account = world.accounts[accountId];
  const status = account && regionStatusOf(world, account, regionName);
  return status === "ENABLED" || status === "ENABLED_BY_DEFAULT" || status === "DISABLING";
}

/** Whether an account may make calls for the organization. */
export function isOrganizationAdministrator(world: World, accountId: string): boolean {
  const { organization } = world;
  if (organization === undefined) return false;
  return (
    organization.managementAccountId === accountId || organization.delegatedAdministrators.includes(accountId)
  );
}
