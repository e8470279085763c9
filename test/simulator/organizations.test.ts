import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
  paginateListAccounts,
} from "@aws-sdk/client-organizations";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { organizationalUnitId } from "./organizational-units.ts";
import { startSimulator } from "./server.ts";
import type { World } from "./world.ts";
import { account, accountIdOf, type WorldParts, world } from "./world-builder.ts";

const MANAGEMENT = accountIdOf(0);
const MEMBER = accountIdOf(1);

function organizationOf(size: number, parts: Partial<WorldParts> = {}): World {
  const members = Array.from({ length: size - 1 }, (_nothing, index) => account(accountIdOf(index + 1)));
  return world({ accounts: [account(MANAGEMENT), ...members], ...parts });
}

describe("ListAccounts", () => {
  it("answers an account with its state and its path, and without the retired status", async () => {
    await using simulator = await startSimulator(
      world({
        accounts: [
          account(MANAGEMENT, {
            name: "payments-prod",
            email: "payments@example.com",
            state: "PENDING_CLOSURE",
            organizationalUnit: "Workloads/Production",
            joinedAt: "2024-03-01T09:00:00.000Z",
          }),
        ],
      }),
    );
    const { organization } = simulator.world;
    if (organization === undefined) throw new Error("The usual world has an organization.");
    const units = ["Workloads", "Workloads/Production"].map((path) =>
      organizationalUnitId(organization, path),
    );
    const { Accounts } = await new OrganizationsClient(connectionTo(simulator)).send(
      new ListAccountsCommand({}),
    );
    expect(units[0]).toMatch(/^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/);
    expect(Accounts).toEqual([
      {
        Id: MANAGEMENT,
        Arn: `arn:aws:organizations::${MANAGEMENT}:account/o-exampleorg/${MANAGEMENT}`,
        Name: "payments-prod",
        Email: "payments@example.com",
        State: "PENDING_CLOSURE",
        Paths: [`o-exampleorg/r-ex4m/${units.join("/")}/${MANAGEMENT}/`],
        JoinedMethod: "INVITED",
        JoinedTimestamp: new Date("2024-03-01T09:00:00.000Z"),
      },
    ]);
  });

  it.each([
    { stateIn: "State", told: { State: "SUSPENDED" } },
    { stateIn: "Status", told: { Status: "SUSPENDED" } },
    { stateIn: "neither", told: {} },
  ] as const)("tells the state in: $stateIn", async ({ stateIn, told }) => {
    await using simulator = await startSimulator(
      world({ accounts: [account(MANAGEMENT, { state: "SUSPENDED", stateIn })] }),
    );
    const { Accounts } = await new OrganizationsClient(connectionTo(simulator)).send(
      new ListAccountsCommand({}),
    );
    expect(Accounts?.map(({ State, Status }) => ({ State, Status }))).toEqual([told]);
  });

  it("pages by the smaller of the caller's and the organization's size, an empty page among them", async () => {
    await using simulator = await startSimulator(
      organizationOf(7, {
        organization: { pageSize: 3 },
        faults: [{ on: { operation: "ListAccounts" }, effect: { kind: "empty-page" }, times: 1 }],
      }),
    );
    const sizes: number[] = [];
    const client = new OrganizationsClient(connectionTo(simulator));
    for await (const { Accounts } of paginateListAccounts({ client }, {})) sizes.push(Accounts?.length ?? -1);
    expect(sizes).toEqual([0, 3, 3, 1]);
    const small = await client.send(new ListAccountsCommand({ MaxResults: 2 }));
    expect(small.Accounts).toHaveLength(2);
  });

  it.each([
    ["no account to a page", { MaxResults: 0 }],
    ["more than twenty to a page", { MaxResults: 21 }],
    ["a token it did not hand out", { NextToken: "bm90IG91cnM" }],
  ])("refuses %s", async (_what, input) => {
    await using simulator = await startSimulator(organizationOf(1));
    const client = new OrganizationsClient(connectionTo(simulator));
    await expect(client.send(new ListAccountsCommand(input))).rejects.toMatchObject({
      name: "InvalidInputException",
    });
  });

  it("is for the management account and delegated administrators", async () => {
    await using simulator = await startSimulator(organizationOf(2));
    const member = new OrganizationsClient(connectionTo(simulator, { accountId: MEMBER }));
    await expect(member.send(new ListAccountsCommand({}))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("is not authorized to perform: organizations:ListAccounts"),
    });
    simulator.world.organization?.delegatedAdministrators.push(MEMBER);
    expect((await member.send(new ListAccountsCommand({}))).Accounts).toHaveLength(2);
  });
});

describe("DescribeOrganization", () => {
  it("returns the management account to every member", async () => {
    await using simulator = await startSimulator(organizationOf(2));
    const member = new OrganizationsClient(connectionTo(simulator, { accountId: MEMBER }));
    expect((await member.send(new DescribeOrganizationCommand({}))).Organization).toMatchObject({
      Id: "o-exampleorg",
      MasterAccountId: MANAGEMENT,
    });
  });

  it("says so where there is no organization", async () => {
    await using simulator = await startSimulator(organizationOf(1, { organization: "none" }));
    const client = new OrganizationsClient(connectionTo(simulator));
    const refused = { name: "AWSOrganizationsNotInUseException" };
    await expect(client.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject(refused);
    await expect(client.send(new ListAccountsCommand({}))).rejects.toMatchObject(refused);
  });
});
