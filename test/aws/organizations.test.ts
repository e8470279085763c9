import { type Account, ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, test } from "vitest";
import { CannotStartError, type OrganizationAccount } from "../../src/audit/ports.ts";
import { listAccounts } from "../../src/aws/organizations.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { serviceError } from "./trouble.ts";

const client = new OrganizationsClient({ region: "eu-west-1" });
const organizations = mockedClient(client);

beforeEach(() => {
  organizations.reset();
});

const perfectAccount = {
  Id: "111122223333",
  Name: "payments-prod",
  State: "ACTIVE",
  Paths: ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/111122223333/"],
} satisfies Account;

async function listed(): Promise<readonly OrganizationAccount[]> {
  const accounts: OrganizationAccount[] = [];
  for await (const account of listAccounts(client)) accounts.push(account);
  return accounts;
}

describe("listAccounts", () => {
  test("reads every page, empty ones that carry a token among them", async () => {
    organizations
      .on(ListAccountsCommand)
      .resolves({ Accounts: [], NextToken: "page 2" })
      .on(ListAccountsCommand, { NextToken: "page 2" })
      .resolves({ Accounts: [{ ...perfectAccount, Id: "000000000001" }], NextToken: "page 3" })
      .on(ListAccountsCommand, { NextToken: "page 3" })
      .resolves({ Accounts: [], NextToken: "page 4" })
      .on(ListAccountsCommand, { NextToken: "page 4" })
      .resolves({ Accounts: [{ ...perfectAccount, Id: "000000000002" }] });
    expect((await listed()).map(({ id }) => id)).toEqual(["000000000001", "000000000002"]);
    expect(organizations).toHaveReceivedCommandTimes(ListAccountsCommand, 4);
  });

  const read = {
    id: "111122223333",
    name: "payments-prod",
    state: "ACTIVE",
    organizationId: "o-a1b2c3d4e5",
    organizationalUnits: ["r-ab12", "ou-ab12-11111111", "ou-ab12-22222222"],
  };
  test.each<{ title: string; account: Account; expected: OrganizationAccount }>([
    { title: "an account in nested units", account: perfectAccount, expected: read },
    {
      title: "an account right under the root",
      account: { ...perfectAccount, Paths: ["o-a1b2c3d4e5/r-ab12/111122223333/"] },
      expected: { ...read, organizationalUnits: ["r-ab12"] },
    },
    {
      title: "an account without paths",
      account: { ...perfectAccount, Paths: undefined },
      expected: { ...read, organizationId: null, organizationalUnits: null },
    },
    {
      title: "an account in no place",
      account: { ...perfectAccount, Paths: [] },
      expected: { ...read, organizationId: null, organizationalUnits: [] },
    },
    {
      title: "an account whose path names no organization",
      account: { ...perfectAccount, Paths: ["r-ab12/111122223333/"] },
      expected: { ...read, organizationId: null, organizationalUnits: ["r-ab12"] },
    },
    {
      title: "an account with an e-mail address",
      account: { ...perfectAccount, Email: "payments@example.com" },
      expected: { ...read, email: "payments@example.com" },
    },
    {
      title: "an account without name",
      account: { ...perfectAccount, Name: undefined },
      expected: { ...read, name: null },
    },
    {
      title: "a closed account, whose state counts before its status",
      account: { ...perfectAccount, State: "SUSPENDED", Status: "ACTIVE" },
      expected: { ...read, state: "SUSPENDED" },
    },
    {
      title: "an account with nothing but the retired status",
      account: { ...perfectAccount, State: undefined, Status: "PENDING_CLOSURE" },
      expected: { ...read, state: "PENDING_CLOSURE" },
    },
    {
      title: "an account with neither state nor status",
      account: { ...perfectAccount, State: undefined },
      expected: { ...read, state: null },
    },
  ])("maps $title", async ({ account, expected }) => {
    organizations.on(ListAccountsCommand).resolves({ Accounts: [account] });
    expect(await listed()).toStrictEqual([expected]);
  });

  test("does not go on with an account without Id", async () => {
    organizations.on(ListAccountsCommand).resolves({ Accounts: [{ ...perfectAccount, Id: undefined }] });
    await expect(listed()).rejects.toThrow(CannotStartError);
  });

  test("does not pass a part of the accounts for the whole", async () => {
    organizations
      .on(ListAccountsCommand)
      .resolves({ Accounts: [perfectAccount], NextToken: "page 2" })
      .on(ListAccountsCommand, { NextToken: "page 2" })
      .rejects(serviceError("TooManyRequestsException", 400));
    await expect(listed()).rejects.toThrow(CannotStartError);
  });

  test("says what AWS said, and what to do", async () => {
    const cause = serviceError("AccessDeniedException", 400, "You don't have permissions");
    organizations.on(ListAccountsCommand).rejects(cause);
    const error = await listed().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CannotStartError);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /AccessDeniedException: You don't have permissions\n.*delegated administrator.*scope\.accounts/,
      ),
      cause,
    });
  });
});
