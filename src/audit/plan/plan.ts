import { inCompletionOrder, inPriorityOrder } from "../../core/concurrency.ts";
import { ALL_ACCOUNTS, ALL_REGIONS } from "../../ecr/registry.ts";
import { targetOf } from "../../ecr/target.ts";
import { type Unreadable, unreadable } from "../../facts/evidence.ts";
import type { Policy } from "../../policy/schema.ts";
import type { ExcludedAccount } from "../../schemas/report.ts";
import { isUnreached, TIME_WAS_OVER, type UnreachedRegistries } from "../compare/unreached-registries.ts";
import {
  CannotStartError,
  type Clock,
  type Identity,
  type OrganizationAccount,
  RequestError,
  type Sources,
} from "../ports.ts";
import { type PlannedRegistry, registriesOf, unreachable, unreachableRegistriesOf } from "./registries.ts";
import { type AuditRequest, isRegistryRequested, isRequested } from "./request.ts";

type Scope = Policy["scope"];

/**
 * The accounts that a scope names, including those that it excludes, as they are listed.
 *
 * @throws CannotStartError if the organization cannot be listed
 */
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
    throw new CannotStartError(`Could not determine the organizational units of account ${id}.`);
  }
  return units.some((unit) => organizationalUnits.includes(unit));
}

/** One item of a plan: a registry to read, a registry that cannot be read, or an excluded account. */
export type PlanItem = PlannedRegistry | { readonly kind: "excluded"; readonly account: ExcludedAccount };

/** The order and the time limit of planning. */
type PlanOptions = {
  /** The registries that an earlier audit had no time for. Those that still exist come first. */
  readonly missed?: UnreachedRegistries;
  /** Whether there is time for more calls. Without time, whatever is still unknown is planned as unreachable. */
  readonly hasTime?: () => boolean;
  /** Whether targets get the e-mail address of their account. Default: no, because it is personal data. */
  readonly withEmails?: boolean;
};

/** The accounts whose regions are listed concurrently: in sequence, thousands would take the whole time of an audit. */
const accountsAtOnce = 25;

/**
 * Turns the policy's scope and the request into registries, one by one, as soon as each is known. Only this function
 * decides what is audited.
 *
 * @throws CannotStartError if the organization cannot be listed
 * @throws RequestError if a user's request names accounts or regions outside the scope. An event outside the scope
 *   plans nothing instead, because no user is there to fix it.
 */
export async function* plan(
  scope: Scope,
  request: AuditRequest,
  sources: Sources,
  clock: Clock,
  { missed = {}, hasTime = () => true, withEmails = false }: PlanOptions = {},
): AsyncGenerator<PlanItem> {
  refuseForeignRegions(scope, request, sources.identity);
  const known = new Set<string>();
  const requested = requestedOf(candidates(scope, sources), request, known);
  const inOrder = inPriorityOrder(requested, ({ id }) => id in missed);
  const planning = { scope, request, sources, clock, hasTime };
  const planned = inCompletionOrder(
    inOrder,
    accountsAtOnce,
    async (candidate): Promise<readonly PlanItem[]> => {
      const excluded = exclusion(scope, candidate);
      if (excluded !== null) return [{ kind: "excluded", account: excluded }];
      const account = withEmails ? candidate : withoutEmail(candidate);
      const unknown = unknownState(account);
      return unknown === null
        ? registriesOf(account, planning)
        : unreachableRegistriesOf(account, unknown, planning);
    },
  );
  const later: PlanItem[] = [];
  try {
    for await (const items of planned) {
      for (const item of items) {
        if (!isAsked(item, request)) continue;
        if (isBesideUnreached(item, missed)) later.push(item);
        else yield item;
      }
    }
  } catch (error) {
    if (hasTime() || !(error instanceof CannotStartError)) throw error;
    yield* later;
    yield unlisted(error, clock);
    return;
  }
  yield* later;
  refuseForeignAccounts(request, known);
  if (known.size === 0 && request.accounts === null) {
    throw new CannotStartError("The policy's scope contains no account: check scope.organizationalUnits.");
  }
}

function isAsked(item: PlanItem, request: AuditRequest): boolean {
  if (item.kind === "excluded") return true;
  return isRegistryRequested(request, item.kind === "target" ? item.target : item.snapshot.target);
}

function withoutEmail({ email: _email, ...account }: OrganizationAccount): OrganizationAccount {
  return account;
}

/** Whether the last audit read this registry, but not others of its account: it can wait. */
function isBesideUnreached(item: PlanItem, missed: UnreachedRegistries): boolean {
  return item.kind === "target" && item.target.account in missed && !isUnreached(item.target, missed);
}

/** The item that represents all accounts that were not listed in time. */
function unlisted(error: CannotStartError, clock: Clock): PlanItem {
  const allAccounts = { id: ALL_ACCOUNTS, name: null, organizationId: null, organizationalUnits: [] };
  const detail = `${TIME_WAS_OVER} all accounts were listed: ${error.message}`;
  const evidence = unreadable("deadline", "organizations:ListAccounts", detail);
  return unreachable(targetOf(allAccounts, ALL_REGIONS), evidence, clock);
}

/** The requested candidates, each once. Adds each to `known`. */
async function* requestedOf(
  all: AsyncIterable<OrganizationAccount>,
  { accounts }: AuditRequest,
  known: Set<string>,
): AsyncGenerator<OrganizationAccount> {
  for await (const candidate of all) {
    if (!isRequested(accounts, candidate.id) || known.has(candidate.id)) continue;
    known.add(candidate.id);
    yield candidate;
  }
}

function exclusion(scope: Scope, account: OrganizationAccount): ExcludedAccount | null {
  const { id, name, state } = account;
  const isInactive = state !== null && inactiveStates.includes(state);
  if (scope.excludeAccounts.includes(id)) {
    return { account: id, accountName: name, reason: "excluded-by-policy", detail: "scope.excludeAccounts" };
  }
  return isInactive ? { account: id, accountName: name, reason: "not-active", detail: state } : null;
}

/**
 * The states in which a member account cannot be used, and those in which it can: an account that is being closed works
 * until it is suspended (AWS Organizations user guide, "Account states", November 2026).
 */
const inactiveStates: readonly string[] = ["PENDING_ACTIVATION", "SUSPENDED", "CLOSED"];
const usableStates: readonly string[] = ["ACTIVE", "PENDING_CLOSURE"];

/** Why nobody can say whether an account is in use; null if it is. Such an account must not be left out unseen. */
function unknownState({ state }: OrganizationAccount): Unreadable | null {
  if (state !== null && usableStates.includes(state)) return null;
  const detail =
    state === null
      ? "AWS Organizations listed the account with neither State nor Status"
      : `AWS Organizations listed the account with a state that the auditor does not know: ${state}`;
  return unreadable("account-state-unknown", "organizations:ListAccounts", detail);
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
