import { ALL_REGIONS } from "../../ecr/registry.ts";
import { type Account, type Target, targetOf } from "../../ecr/target.ts";
import { type Unreadable, unreadable } from "../../facts/evidence.ts";
import { type RegistrySnapshot, unreadSnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import { TIME_WAS_OVER } from "../compare/unreached-registries.ts";
import type { Clock, OrganizationAccount, Sources } from "../ports.ts";
import { type AuditRequest, isRequested } from "./request.ts";

/** A registry to read, or one that cannot be read. */
export type PlannedRegistry =
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "unreachable"; readonly snapshot: RegistrySnapshot };

/** What planning the registries of an account needs. */
export type Planning = {
  readonly scope: Policy["scope"];
  readonly request: AuditRequest;
  readonly sources: Sources;
  readonly clock: Clock;
  /** Whether there is time for more calls. */
  readonly hasTime: () => boolean;
};

/** The registries of an account. If its regions cannot be listed, none of them can be read. */
export async function registriesOf(
  candidate: OrganizationAccount,
  planning: Planning,
): Promise<readonly PlannedRegistry[]> {
  const { scope, request, sources, clock, hasTime } = planning;
  const account = accountOf(candidate);
  const planned = (region: string): PlannedRegistry => ({
    kind: "target",
    target: targetOf(account, region),
  });
  if (scope.regions !== "enabled") return namedRegions(scope.regions, planning).map(planned);
  const enabled = hasTime() ? await sources.listEnabledRegions(account.id) : notAsked;
  if (enabled.state !== "present" || enabled.value.length === 0) {
    const evidence =
      enabled.state === "unreadable"
        ? enabled
        : unreadable("service-error", "account:ListRegions", "AWS listed no enabled region");
    return unreachableRegistriesOf(candidate, evidence, planning);
  }
  return (request.regions ?? enabled.value).map((region) =>
    enabled.value.includes(region)
      ? planned(region)
      : unreachable(targetOf(account, region), regionDisabled(region), clock),
  );
}

/** The registries of an account of which it is known that nothing can be read. */
export function unreachableRegistriesOf(
  candidate: OrganizationAccount,
  why: Unreadable,
  planning: Planning,
): readonly PlannedRegistry[] {
  const { scope, request, clock } = planning;
  const regions =
    scope.regions === "enabled" ? (request.regions ?? [ALL_REGIONS]) : namedRegions(scope.regions, planning);
  return regions.map((region) => unreachable(targetOf(accountOf(candidate), region), why, clock));
}

function accountOf(candidate: OrganizationAccount): Account {
  return { ...candidate, organizationalUnits: candidate.organizationalUnits ?? [] };
}

/** The requested ones of the regions that a scope names; by default it names the current one. */
function namedRegions(
  regions: readonly string[] | undefined,
  { request, sources }: Pick<Planning, "request" | "sources">,
): readonly string[] {
  const named = new Set(regions ?? [sources.identity.region]);
  return [...named].filter((region) => isRequested(request.regions, region));
}

const notAsked = unreadable("deadline", "account:ListRegions", TIME_WAS_OVER);

/** A registry that is already known to be unreachable. */
export function unreachable(target: Target, rules: Unreadable, clock: Clock): PlannedRegistry {
  return { kind: "unreachable", snapshot: unreadSnapshot(target, rules, clock.now()) };
}

function regionDisabled(region: string): Unreadable {
  return unreadable("region-disabled", "account:ListRegions", `${region} is not enabled in this account`);
}
