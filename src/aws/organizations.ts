import { type Account, ListAccountsCommand, type OrganizationsClient } from "@aws-sdk/client-organizations";
import { CannotStartError, type OrganizationAccount } from "../audit/ports.ts";
import { messageOf } from "../core/errors.ts";
import { IncompleteAnswerError, listIn, nameIn, optionalListIn, optionalTextIn, textIn } from "./answer.ts";
import { EndedCredentialsError } from "./errors.ts";
import { operation } from "./operation.ts";
import { itemsOf, nextToken } from "./pages.ts";

/** A page holds up to 20 accounts (AWS Organizations API reference, ListAccounts, November 2026): 100,000 in all. */
const mostPages = 5_000;

const listPage = operation({
  name: "organizations:ListAccounts",
  command: ListAccountsCommand,
  send: (client: OrganizationsClient, command) => client.send(command),
  read: ({ Accounts, NextToken }) => ({
    items: listIn(Accounts, "Accounts").map(toAccount),
    next: nextToken(NextToken),
  }),
  isRepeatable: true,
});

/**
 * Lists the accounts of the organization. An empty page may not be the last. `Paths` contains the organizational units of
 * an account (AWS Organizations API reference, ListAccounts, November 2026). If an account is listed twice, the first
 * entry counts, because its audit may have started.
 *
 * @throws CannotStartError if they cannot be listed: an audit of some accounts must not look complete
 */
export async function* listAccounts(client: OrganizationsClient): AsyncGenerator<OrganizationAccount> {
  try {
    let isEmpty = true;
    const accounts = itemsOf({
      name: "organizations:ListAccounts",
      page: (token) => listPage(client, token === undefined ? {} : { NextToken: token }),
      mostPages,
      keyOf: ({ id }) => id,
      again: "first-counts",
    });
    for await (const account of accounts) {
      isEmpty = false;
      yield account;
    }
    // The calling account belongs to the organization.
    if (isEmpty) throw new IncompleteAnswerError("organizations:ListAccounts: AWS returned no account");
  } catch (error) {
    const advice =
      error instanceof EndedCredentialsError
        ? ""
        : "\nRun the audit in the management account or in a delegated administrator's, or list accounts in the policy's scope.accounts.";
    throw new CannotStartError(
      `The organization's accounts could not be listed: ${messageOf(error)}${advice}`,
      { cause: error },
    );
  }
}

function toAccount({
  Id: id,
  Name: name,
  Email: email,
  State: state,
  Status: status,
  Paths: paths,
}: Account): OrganizationAccount {
  const memberships = optionalListIn(paths, "Accounts[].Paths").map((path) =>
    nameIn(path, "Accounts[].Paths[]"),
  );
  return {
    id: nameIn(id, "Accounts[].Id"),
    name: optionalTextIn(name, "Accounts[].Name"),
    state: stateIn(state, status),
    organizationId: organizationOf(memberships),
    organizationalUnits: paths === undefined ? null : unitsOf(memberships),
    ...(typeof email === "string" && email !== "" ? { email } : {}),
  };
}

/**
 * The state of an account; null if AWS tells none. `State` replaces `Status`, which was retired in September 2026, and
 * neither is a required member (AWS Organizations API reference, Account, November 2026).
 */
function stateIn(...members: readonly unknown[]): string | null {
  const state = members.find((member) => typeof member === "string" && member !== "");
  return state === undefined ? null : textIn(state, "Accounts[].State");
}

/** The root and the organizational units in paths such as `o-…/r-…/ou-…/ou-…/<account>/`. */
function unitsOf(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => path.split("/").filter((part) => /^(r|ou)-/.test(part)));
}

/** The organization id at the start of paths such as `o-…/r-…/<account>/`. */
function organizationOf(paths: readonly string[]): string | null {
  const id = paths[0]?.split("/")[0];
  return id?.startsWith("o-") === true ? id : null;
}
