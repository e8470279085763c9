import { type AccountClient, paginateListRegions } from "@aws-sdk/client-account";
import { type Evidence, present } from "../model/evidence.ts";
import { unreadableBecause } from "./errors.ts";

/**
 * The regions enabled in the account that the client's credentials belong to. Asked without `AccountId`,
 * which would need trusted access (AWS Account Management API reference, ListRegions, November 2026).
 */
export async function listEnabledRegions(client: AccountClient): Promise<Evidence<readonly string[]>> {
  try {
    const regions: string[] = [];
    const pages = paginateListRegions(
      { client },
      { RegionOptStatusContains: ["ENABLED", "ENABLED_BY_DEFAULT"] },
    );
    for await (const page of pages) {
      for (const { RegionName: name } of page.Regions ?? []) {
        if (name !== undefined) regions.push(name);
      }
    }
    return present(regions);
  } catch (error) {
    return unreadableBecause(error, "account:ListRegions");
  }
}
