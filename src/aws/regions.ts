import { type AccountClient, ListRegionsCommand } from "@aws-sdk/client-account";
import { type Evidence, present } from "../facts/evidence.ts";
import { IncompleteAnswerError, listIn, nameIn } from "./answer.ts";
import { unreadableBecause } from "./errors.ts";
import { operation } from "./operation.ts";
import { allItems, nextToken } from "./pages.ts";

/** There are about 40 regions and up to 50 on a page. Further pages may be empty. */
const mostPages = 200;

const listPage = operation({
  name: "account:ListRegions",
  command: ListRegionsCommand,
  send: (client: AccountClient, command) => client.send(command),
  read: ({ Regions, NextToken }) => ({
    items: listIn(Regions, "Regions").map(({ RegionName: name }) => nameIn(name, "Regions[].RegionName")),
    next: nextToken(NextToken),
  }),
  isRepeatable: true,
});

/**
 * Lists the regions that are enabled in the account of the client's credentials. The call omits `AccountId`, which would
 * require trusted access (AWS Account Management API reference, ListRegions, November 2026).
 */
export async function listEnabledRegions(client: AccountClient): Promise<Evidence<readonly string[]>> {
  try {
    const regions = await allItems({
      name: "account:ListRegions",
      page: (token) =>
        listPage(client, {
          RegionOptStatusContains: ["ENABLED", "ENABLED_BY_DEFAULT"],
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      mostPages,
      keyOf: (region) => region,
      again: "same-or-error",
    });
    // Some regions are enabled by default and cannot be disabled.
    if (regions.length === 0) {
      throw new IncompleteAnswerError("account:ListRegions: AWS returned no enabled region");
    }
    return present(regions);
  } catch (error) {
    return unreadableBecause(error, "account:ListRegions");
  }
}
