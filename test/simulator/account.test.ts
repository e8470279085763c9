import { AccountClient, ListRegionsCommand, paginateListRegions } from "@aws-sdk/client-account";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { startSimulator } from "./server.ts";
import { account, type WorldParts, world } from "./world-builder.ts";

const HUB = "111122223333";
const MEMBER = "444455556666";

function threeRegions(parts: Partial<WorldParts> = {}) {
  return world({
    accounts: [
      account(HUB),
      account(MEMBER, { regionStatus: { "eu-south-1": "ENABLED", "eu-west-1": "DISABLED" } }),
    ],
    hub: { region: "us-east-1" },
    regions: ["us-east-1", "eu-west-1"],
    ...parts,
  });
}

describe("ListRegions", () => {
  it("answers the caller's own regions, common and opted in", async () => {
    await using simulator = await startSimulator(threeRegions());
    const member = new AccountClient(connectionTo(simulator, { accountId: MEMBER }));
    expect((await member.send(new ListRegionsCommand({}))).Regions).toEqual([
      { RegionName: "eu-south-1", RegionOptStatus: "ENABLED" },
      { RegionName: "eu-west-1", RegionOptStatus: "DISABLED" },
      { RegionName: "us-east-1", RegionOptStatus: "ENABLED_BY_DEFAULT" },
    ]);
  });

  it("narrows by status, page after page, an empty one among them", async () => {
    await using simulator = await startSimulator(
      threeRegions({
        faults: [{ on: { service: "account" }, effect: { kind: "empty-page" }, after: 1, times: 1 }],
      }),
    );
    const client = new AccountClient(connectionTo(simulator, { accountId: MEMBER }));
    const pages: (string | undefined)[][] = [];
    const input = { RegionOptStatusContains: ["ENABLED" as const, "ENABLED_BY_DEFAULT" as const] };
    for await (const { Regions = [] } of paginateListRegions({ client, pageSize: 1 }, input)) {
      pages.push(Regions.map(({ RegionName }) => RegionName));
    }
    expect(pages).toEqual([["eu-south-1"], [], ["us-east-1"]]);
  });

  it("answers about a member, to an administrator with trusted access", async () => {
    await using simulator = await startSimulator(threeRegions());
    const askAbout = (AccountId: string, accountId = HUB) =>
      new AccountClient(connectionTo(simulator, { accountId })).send(new ListRegionsCommand({ AccountId }));
    const denied = { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } };
    expect((await askAbout(MEMBER)).Regions).toHaveLength(3);
    await expect(askAbout(HUB)).rejects.toMatchObject(denied);
    await expect(askAbout(HUB, MEMBER)).rejects.toMatchObject(denied);
    if (simulator.world.organization) simulator.world.organization.accountManagementTrusted = false;
    await expect(askAbout(MEMBER)).rejects.toMatchObject(denied);
  });

  it.each([
    ["no region to a page", { MaxResults: 0 }],
    ["more than fifty to a page", { MaxResults: 51 }],
    ["an account id that is none", { AccountId: "1234" }],
    ["a token it did not hand out", { NextToken: "bm90IG91cnM" }],
  ])("refuses %s", async (_what, input) => {
    await using simulator = await startSimulator(threeRegions());
    const client = new AccountClient(connectionTo(simulator));
    await expect(client.send(new ListRegionsCommand(input))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
});
