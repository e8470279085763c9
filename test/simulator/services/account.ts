import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { denied } from "../denial.ts";
import { REST_JSON_DIALECT } from "../dialect.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, operation, pageShapeOf, type Service } from "../service.ts";
import { restJsonProtocol } from "../wire/json.ts";
import type { Account } from "../world.ts";
import { isOrganizationAdministrator, regionStatusOf } from "../world-access.ts";
import { accountId, pageSize, text } from "./fields.ts";

const REGIONS_TO_A_PAGE = 50;

const listRegionsInput = z.strictObject({
  AccountId: accountId.optional(),
  MaxResults: pageSize(REGIONS_TO_A_PAGE).default(REGIONS_TO_A_PAGE),
  NextToken: text(0, 1000).optional(),
  RegionOptStatusContains: z
    .array(z.enum(["DISABLED", "DISABLING", "ENABLED", "ENABLED_BY_DEFAULT", "ENABLING"]))
    .optional(),
});

/**
 * Account Management: ListRegions, of the caller's own account or, with trusted access, of a member's.
 * Source: Account Management API reference.
 */
export const account: Service = {
  name: "account",
  protocol: restJsonProtocol({ "POST /listRegions": "ListRegions" }),
  dialect: REST_JSON_DIALECT,
  isRegional: false,
  operations: { ListRegions: operation(listRegionsInput, listRegions) },
};

function listRegions(input: z.output<typeof listRegionsInput>, call: CallContext): unknown {
  const asked = accountAskedAbout(input.AccountId, call);
  const wanted = input.RegionOptStatusContains;
  const page = pageOf({
    items: regionsOf(asked, call).filter(
      ({ RegionOptStatus }) => wanted === undefined || wanted.includes(RegionOptStatus),
    ),
    list: `ListRegions ${asked.id} ${wanted?.join(",")}`,
    token: input.NextToken,
    size: input.MaxResults,
    shape: pageShapeOf(call),
  });
  if (page === undefined) throw new AwsError("ValidationException", "The provided NextToken is not valid.");
  return { Regions: page.items, NextToken: page.nextToken };
}

function regionsOf(asked: Account, { world }: CallContext) {
  const names = new Set([...world.regions, ...Object.keys(asked.regionStatus)]);
  return [...names].sort().flatMap((RegionName) => {
    const RegionOptStatus = regionStatusOf(world, asked, RegionName);
    return RegionOptStatus === undefined ? [] : [{ RegionName, RegionOptStatus }];
  });
}

function accountAskedAbout(id: string | undefined, { world, caller }: CallContext): Account {
  const asked = world.accounts[id ?? caller.accountId];
  const isForeign = id !== undefined;
  // The management account cannot specify itself, and a stand-alone account cannot specify any account.
  const mayNameAccounts =
    isOrganizationAdministrator(world, caller.accountId) &&
    world.organization?.accountManagementTrusted === true &&
    id !== world.organization.managementAccountId;
  if (asked !== undefined && (!isForeign || mayNameAccounts)) return asked;
  const resource = `arn:${world.partition}:account::${id ?? caller.accountId}:account`;
  throw denied(REST_JSON_DIALECT, { caller, action: "account:ListRegions", resource });
}
