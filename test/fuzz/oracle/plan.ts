import type { RecordedCall } from "../../simulator/ledger.ts";
import { accountPath } from "../../simulator/organizational-units.ts";
import type { Account, World } from "../../simulator/world.ts";
import { isRegionEnabled } from "../../simulator/world-access.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { answerTo, explained } from "./ledger.ts";
import { type Known, known, type Place, type Unknown } from "./model.ts";

/** A registry that is planned, with what keeps it from being read where that is known beforehand. */
export type Planned = { readonly place: Place; readonly trouble: Unknown | null };

/** What an audit has to plan. */
export type Plan = { readonly planned: readonly Planned[]; readonly excluded: readonly string[] };

/** The plan of an audit, from the world and the calls that were made about it; `null` where it holds no account. */
export function planOf(
  world: World,
  { scope = {} }: PolicyFile,
  calls: readonly RecordedCall[],
): Plan | null {
  const candidates = candidatesOf(world, scope);
  if (candidates.length === 0) return null;
  const excluded = candidates.filter(({ id, use }) => scope.excludeAccounts?.includes(id) || use === "none");
  const audited = candidates.filter((candidate) => !excluded.includes(candidate));
  return {
    excluded: excluded.map(({ id }) => id),
    planned: audited.flatMap((candidate) => registriesOf(candidate, world, scope, calls)),
  };
}

type Scope = NonNullable<PolicyFile["scope"]>;
type Use = "usable" | "none" | "unknown";
type Candidate = Omit<Place, "account" | "region"> & { readonly id: string; readonly use: Use };

function useOf({ state, stateIn }: Account): Use {
  if (stateIn === "neither") return "unknown";
  return ["SUSPENDED", "CLOSED"].includes(state) ? "none" : "usable";
}

function candidatesOf({ accounts, hub, organization }: World, scope: Scope): readonly Candidate[] {
  if (scope.accounts === "organization" && organization !== undefined) {
    const { organizationalUnits: wanted } = scope;
    return Object.values(accounts)
      .map((account) => ({
        id: account.id,
        use: useOf(account),
        units: accountPath(organization, account).split("/").slice(1, -2),
        organizationId: organization.id,
      }))
      .filter(({ units }) => wanted === undefined || wanted.some((unit) => units.includes(unit)));
  }
  const ids = Array.isArray(scope.accounts) ? scope.accounts : [hub.accountId];
  return [...new Set(ids)].map((id) => ({ id, use: "usable", units: [], organizationId: null }));
}

function registriesOf(
  { id, use, units, organizationId }: Candidate,
  world: World,
  { regions = [world.hub.region] }: Scope,
  calls: readonly RecordedCall[],
): readonly Planned[] {
  const planned = (region: string, trouble: Unknown | null = null) => ({
    place: { account: id, region, units, organizationId },
    trouble,
  });
  if (use === "unknown") {
    const trouble: Unknown = {
      known: false,
      reason: "account-state-unknown",
      operation: "organizations:ListAccounts",
    };
    return regions === "enabled"
      ? [planned("*", trouble)]
      : [...new Set(regions)].map((region) => planned(region, trouble));
  }
  if (regions !== "enabled") return [...new Set(regions)].map((region) => planned(region));
  const enabled = enabledRegions(id, world, calls);
  return enabled.known ? enabled.value.map((region) => planned(region)) : [planned("*", enabled)];
}

function enabledRegions(
  account: string,
  world: World,
  calls: readonly RecordedCall[],
): Known<readonly string[]> {
  const asked = answerTo(calls, { service: "account", operation: "ListRegions", account }, () => null);
  if (!asked.known) return explained(asked, account, calls);
  const all = new Set([...world.regions, ...Object.keys(world.accounts[account]?.regionStatus ?? {})]);
  return known([...all].filter((region) => isRegionEnabled(world, account, region)));
}
