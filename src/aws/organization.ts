import { type Account, type OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { CannotStartError, type OrganizationAccount } from "../audit/ports.ts";
import { messageOf } from "./errors.ts";

/**
 * The accounts of the organization. A page may be empty and still not be the last; an account's place comes
 * with it in `Paths` (AWS Organizations API reference, ListAccounts, November 2026).
 *
 * @throws CannotStartError when they can not be listed: an audit of a part would pass for the whole
 */
export async function* listAccounts(client: OrganizationsClient): AsyncGenerator<OrganizationAccount> {
  try {
    for await (const page of paginateListAccounts({ client }, {})) {
      yield* (page.Accounts ?? []).map(toAccount);
    }
  } catch (error) {
    throw new CannotStartError(
      `The organization's accounts could not be listed: ${messageOf(error)}\nRun the audit in the management account or in a delegated administrator's, or list accounts in the policy's scope.accounts.`,
      { cause: error },
    );
  }
}

function toAccount({ Id: id, Name: name, State: state, Paths: paths }: Account): OrganizationAccount {
  if (id === undefined || state === undefined) throw new Error("an account came without Id or State");
  return {
    id,
    name: name ?? null,
    state,
    organizationId: organizationOf(paths),
    organizationalUnits: paths === undefined ? null : unitsOf(paths),
  };
}

/** The root and the units in paths such as `o-…/r-…/ou-…/ou-…/<account>/`. */
function unitsOf(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => path.split("/").filter((part) => /^(r|ou)-/.test(part)));
}

/** The organization that paths such as `o-…/r-…/<account>/` begin with. */
function organizationOf(paths: readonly string[] | undefined): string | null {
  const id = paths?.[0]?.split("/")[0];
  return id?.startsWith("o-") === true ? id : null;
}
