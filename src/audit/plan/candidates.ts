import type { Policy } from "../../policy/schema.ts";
import { CannotStartError, type OrganizationAccount, type Sources } from "../ports.ts";

type Scope = Policy["scope"];

/**
 * The accounts that a scope speaks of, those that it excludes among them, as they become known.
 *
 * @throws CannotStartError when the organization can not be listed
 */
export async function* candidates(scope: Scope, sources: Sources): AsyncGenerator<OrganizationAccount> {
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
