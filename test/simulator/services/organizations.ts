import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { denied } from "../denial.ts";
import { JSON_DIALECT } from "../dialect.ts";
import { accountPath } from "../organizational-units.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, operation, pageShapeOf, type Service } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import type { Account, Organization } from "../world.ts";
import { isOrganizationAdministrator } from "../world-access.ts";
import { pageSize, text } from "./fields.ts";
import { epochSeconds } from "./time.ts";

const ACCOUNTS_TO_A_PAGE = 20;

const listAccountsInput = z.strictObject({
  NextToken: text(0, 100_000).optional(),
  MaxResults: pageSize(ACCOUNTS_TO_A_PAGE).default(ACCOUNTS_TO_A_PAGE),
});

/**
 * AWS Organizations: DescribeOrganization and ListAccounts, for the management account and delegated administrators.
 * Source: Organizations API reference; `State` and `Paths` replace the retired `Status`, and none is a required member.
 */
export const organizations: Service = {
  name: "organizations",
  protocol: jsonProtocol("AWSOrganizationsV20161128"),
  dialect: {
    ...JSON_DIALECT,
    throttled: { code: "TooManyRequestsException", status: 400 },
    invalidInput: { code: "InvalidInputException", status: 400 },
  },
  isRegional: false,
  operations: {
    DescribeOrganization: operation(z.strictObject({}), (_input, call) => describeOrganization(call)),
    ListAccounts: operation(listAccountsInput, listAccounts),
  },
};

function describeOrganization(call: CallContext): unknown {
  const organization = organizationOf(call);
  const { id, managementAccountId } = organization;
  const { partition, accounts } = call.world;
  const arnStart = `arn:${partition}:organizations::${managementAccountId}`;
  return {
    Organization: {
      Id: id,
      Arn: `${arnStart}:organization/${id}`,
      FeatureSet: "ALL",
      MasterAccountArn: `${arnStart}:account/${id}/${managementAccountId}`,
      MasterAccountId: managementAccountId,
      MasterAccountEmail: accounts[managementAccountId]?.email,
    },
  };
}

function listAccounts(input: z.output<typeof listAccountsInput>, call: CallContext): unknown {
  const organization = organizationOf(call);
  refuseMembers(call, "ListAccounts");
  const page = pageOf({
    items: Object.values(call.world.accounts),
    list: "ListAccounts",
    token: input.NextToken,
    size: Math.min(input.MaxResults, organization.pageSize),
    shape: pageShapeOf(call),
  });
  if (page === undefined) {
    throw new AwsError("InvalidInputException", "You specified an invalid value for nextToken.");
  }
  return {
    Accounts: page.items.map((account) => accountAnswer(account, organization, call)),
    NextToken: page.nextToken,
  };
}

function accountAnswer(account: Account, organization: Organization, { world }: CallContext): unknown {
  const { id, managementAccountId } = organization;
  return {
    Id: account.id,
    Arn: `arn:${world.partition}:organizations::${managementAccountId}:account/${id}/${account.id}`,
    Email: account.email,
    Name: account.name,
    ...stateOf(account),
    Paths: [accountPath(organization, account)],
    JoinedMethod: account.id === managementAccountId ? "INVITED" : "CREATED",
    JoinedTimestamp: epochSeconds(account.joinedAt),
  };
}

function stateOf({ state, stateIn = "State" }: Account): object {
  return stateIn === "neither" ? {} : { [stateIn]: state };
}

function organizationOf({ world }: CallContext): Organization {
  if (world.organization !== undefined) return world.organization;
  throw new AwsError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
}

function refuseMembers({ world, caller }: CallContext, operationName: string): void {
  if (isOrganizationAdministrator(world, caller.accountId)) return;
  throw denied(JSON_DIALECT, { caller, action: `organizations:${operationName}`, resource: "*" });
}
