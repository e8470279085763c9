import { inCompletionOrder, inPriorityOrder } from "../../core/concurrency.ts";
import { ALL_ACCOUNTS, ALL_REGIONS } from "../../ecr/registry.ts";
import { targetOf } from "../../ecr/target.ts";
import { unreadable } from "../../facts/evidence.ts";
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
import { type PlannedRegistry, registriesOf, unreachable } from "./registries.ts";
import { type AuditRequest, isRequested } from "./request.ts";

type Scope = Policy["scope"];

/**
 * The accounts that a scope speaks of, those that it excludes among them, as they become known.
 *
 * @throws CannotStartError when the organization can not be listed
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
    throw new CannotStartError(`AWS Organizations did not tell in which organizational units ${id} lies.`);
  }
  return units.some((unit) => organizationalUnits.includes(unit));
}

/** One thing that the plan found out: a registry to read, one that can not be, or an account left out. */
export type PlanItem = PlannedRegistry | { readonly kind: "excluded"; readonly account: ExcludedAccount };

/** In what order an audit is planned, and for how long. */
type PlanOptions = {
  /** What an earlier audit's time did not suffice for: it comes first, once it is known to be there still. */
  readonly missed?: UnreachedRegistries;
  /** Whether there is time to ask for anything more; what is not known when there is none is named as such. */
  readonly hasTime?: () => boolean;
};

/** Accounts whose regions are asked for at once: one after the other, thousands would take a whole audit's time. */
const accountsAtOnce = 25;

/**
 * Turns the policy's scope and the request into registries, one by one, as soon as each is known: accounts are
 * listed ahead. Nothing else decides what is audited.
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
  { missed = {}, hasTime = () => true }: PlanOptions = {},
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
      return excluded === null
        ? registriesOf(candidate, planning)
        : [{ kind: "excluded", account: excluded }];
    },
  );
  const later: PlanItem[] = [];
  try {
    for await (const items of planned) {
      for (const item of items) {
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
    throw new CannotStartError("The policy's scope holds no account: check scope.organizationalUnits.");
  }
}

/** Whether others of the registry's account were missed and it was not: it can wait. */
function isBesideUnreached(item: PlanItem, missed: UnreachedRegistries): boolean {
  return item.kind === "target" && item.target.account in missed && !isUnreached(item.target, missed);
}

/** What stands for the accounts that were not listed when the time was over. */
function unlisted(error: CannotStartError, clock: Clock): PlanItem {
  const nobody = { id: ALL_ACCOUNTS, name: null, organizationId: null, organizationalUnits: [] };
  const detail = `${TIME_WAS_OVER} all accounts were listed: ${error.message}`;
  const evidence = unreadable("deadline", "organizations:ListAccounts", detail);
  return unreachable(targetOf(nobody, ALL_REGIONS), evidence, clock);
}

/** Those of the candidates that are asked for, each once, noted down as they come. */
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
  if (scope.excludeAccounts.includes(id)) {
    return { account: id, accountName: name, reason: "excluded-by-policy", detail: "scope.excludeAccounts" };
  }
  if (state !== "ACTIVE") return { account: id, accountName: name, reason: "not-active", detail: state };
  return null;
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
