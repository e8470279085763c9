import { type Unreadable, unreadable } from "../model/evidence.ts";
import type { ExcludedAccount } from "../model/report.ts";
import { type RegistrySnapshot, unreadSnapshot } from "../model/snapshot.ts";
import { type Account, type Target, targetOf } from "../model/target.ts";
import type { Policy } from "../policy/schema.ts";
import {
  CannotStartError,
  type Clock,
  type Identity,
  type OrganizationAccount,
  RequestError,
  type Sources,
} from "./ports.ts";
import { type AuditRequest, isRequested } from "./request.ts";

type Scope = Policy["scope"];

/** One thing that the plan found out: a registry to read, one that can not be, or an account left out. */
export type PlanItem =
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "unreachable"; readonly snapshot: RegistrySnapshot }
  | { readonly kind: "excluded"; readonly account: ExcludedAccount };

/** The region of a target whose account's regions could not be listed. */
export const ALL_REGIONS = "*";

/**
 * Turns the policy's scope and the request into registries, one by one, as soon as each is known. Nothing
 * else decides what is audited.
 *
 * @throws CannotStartError when the organization can not be listed
 * @throws RequestError when a person's request names accounts or regions outside the scope; an event that
 *   does plans nothing instead, because nobody is there to mend it
 */
export async function* plan(
  scope: Scope,
  request: AuditRequest,
  sources: Sources,
  clock: Clock,
): AsyncGenerator<PlanItem> {
  refuseForeignRegions(scope, request, sources.identity);
  const known = new Set<string>();
  for await (const candidate of candidates(scope, sources)) {
    if (!isRequested(request.accounts, candidate.id) || known.has(candidate.id)) continue;
    known.add(candidate.id);
    const excluded = exclusion(scope, candidate);
    if (excluded !== null) yield { kind: "excluded", account: excluded };
    else yield* registriesOf(candidate, scope, request, sources, clock);
  }
  refuseForeignAccounts(request, known);
  if (known.size === 0 && request.accounts === null) {
    throw new CannotStartError("The policy's scope holds no account: check scope.organizationalUnits.");
  }
}

async function* candidates(scope: Scope, sources: Sources): AsyncGenerator<OrganizationAccount> {
  if (scope.accounts === "organization") {
    for await (const account of sources.listAccounts()) {
      if (isInside(account, scope.organizationalUnits)) yield account;
    }
    return;
  }
  const ids = scope.accounts === "current" ? [sources.identity.account] : scope.accounts;
  yield* ids.map((id) => ({
    id,
    name: null,
    state: "ACTIVE",
    organizationId: null,
    organizationalUnits: null,
  }));
}

function isInside(account: OrganizationAccount, units: Scope["organizationalUnits"]): boolean {
  if (units === undefined) return true;
  const { id, organizationalUnits } = account;
  if (organizationalUnits === null) {
    throw new CannotStartError(`AWS Organizations did not tell in which organizational units ${id} lies.`);
  }
  return units.some((unit) => organizationalUnits.includes(unit));
}

function exclusion(scope: Scope, account: OrganizationAccount): ExcludedAccount | null {
  const { id, name, state } = account;
  if (scope.excludeAccounts.includes(id)) {
    return { account: id, accountName: name, reason: "excluded-by-policy", detail: "scope.excludeAccounts" };
  }
  if (state !== "ACTIVE") return { account: id, accountName: name, reason: "not-active", detail: state };
  return null;
}

async function* registriesOf(
  candidate: OrganizationAccount,
  scope: Scope,
  request: AuditRequest,
  sources: Sources,
  clock: Clock,
): AsyncGenerator<PlanItem> {
  const account: Account = { ...candidate, organizationalUnits: candidate.organizationalUnits ?? [] };
  if (scope.regions !== "enabled") {
    const regions = new Set(scope.regions ?? [sources.identity.region]);
    for (const region of regions) {
      if (isRequested(request.regions, region)) yield { kind: "target", target: targetOf(account, region) };
    }
    return;
  }
  const enabled = await sources.listEnabledRegions(account.id);
  if (enabled.state !== "present" || enabled.value.length === 0) {
    const evidence =
      enabled.state === "unreadable"
        ? enabled
        : unreadable("service-error", "account:ListRegions", "AWS named no enabled region");
    for (const region of request.regions ?? [ALL_REGIONS]) {
      yield unreachable(targetOf(account, region), evidence, clock);
    }
    return;
  }
  for (const region of request.regions ?? enabled.value) {
    const target = targetOf(account, region);
    if (enabled.value.includes(region)) yield { kind: "target", target };
    else yield unreachable(target, regionDisabled(region), clock);
  }
}

function unreachable(target: Target, rules: Unreadable, clock: Clock): PlanItem {
  return { kind: "unreachable", snapshot: unreadSnapshot(target, rules, clock.now()) };
}

function regionDisabled(region: string) {
  return unreadable("region-disabled", "account:ListRegions", `${region} is not enabled in this account`);
}

function refuseForeignRegions(scope: Scope, request: AuditRequest, identity: Identity): void {
  if (scope.regions === "enabled" || request.trigger === "event") return;
  const regions = scope.regions ?? [identity.region];
  const foreign = request.regions?.filter((region) => !regions.includes(region)) ?? [];
  if (foreign.length > 0) throw new RequestError(foreign.map((region) => outside("region", region)));
}

function refuseForeignAccounts(request: AuditRequest, known: ReadonlySet<string>): void {
  if (request.trigger === "event") return;
  const foreign = request.accounts?.filter((account) => !known.has(account)) ?? [];
  if (foreign.length > 0) throw new RequestError(foreign.map((account) => outside("account", account)));
}

function outside(noun: string, value: string): string {
  return `${noun} ${value} is outside the policy's scope`;
}
