import { AccountClient, ListRegionsCommand } from "@aws-sdk/client-account";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, test } from "vitest";
import { listEnabledRegions } from "../../src/aws/regions.ts";
import { present } from "../../src/facts/evidence.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { detailOf, serviceError, troubles } from "./trouble.ts";

const client = new AccountClient({ region: "eu-west-1" });
const account = mockedClient(client);

beforeEach(() => {
  account.reset();
});

describe("listEnabledRegions", () => {
  test("reads every page, an empty one that carries a token among them", async () => {
    account
      .on(ListRegionsCommand)
      .resolves({ Regions: [{ RegionName: "eu-west-1" }], NextToken: "page 2" })
      .on(ListRegionsCommand, { NextToken: "page 2" })
      .resolves({ Regions: [], NextToken: "page 3" })
      .on(ListRegionsCommand, { NextToken: "page 3" })
      .resolves({ Regions: [{ RegionName: "af-south-1" }] });
    expect(await listEnabledRegions(client)).toEqual(present(["eu-west-1", "af-south-1"]));
    expect(account).toHaveReceivedCommandTimes(ListRegionsCommand, 3);
  });

  test("asks for what is enabled, and names no account: that would need trusted access", async () => {
    account.on(ListRegionsCommand).resolves({ Regions: [{ RegionName: "eu-west-1" }] });
    await listEnabledRegions(client);
    const asked = account.commandCalls(ListRegionsCommand).map(({ args }) => args[0].input);
    expect(asked).toEqual([{ RegionOptStatusContains: ["ENABLED", "ENABLED_BY_DEFAULT"] }]);
  });

  test("reads nothing if a later page cannot be read", async () => {
    account
      .on(ListRegionsCommand)
      .resolves({ Regions: [{ RegionName: "eu-west-1" }], NextToken: "page 2" })
      .on(ListRegionsCommand, { NextToken: "page 2" })
      .rejects(serviceError("InternalServerException", 500));
    expect(await listEnabledRegions(client)).toMatchObject({ state: "unreadable", reason: "service-error" });
  });

  test.each(troubles)("is unreadable, $reason: $title", async ({ error, reason }) => {
    account.on(ListRegionsCommand).rejects(error);
    const operation = "account:ListRegions";
    expect(await listEnabledRegions(client)).toEqual({
      state: "unreadable",
      reason,
      operation,
      detail: detailOf(error, operation),
    });
  });
});
