import { describe, expect, it } from "vitest";
import { CannotStartError } from "../../src/audit/ports.ts";
import type { Fault } from "../simulator/faults.ts";
import { MEMBER, smallWorld } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const onListAccounts = { service: "organizations", operation: "ListAccounts" } as const;
const denied: Fault = { on: onListAccounts, effect: { kind: "deny", by: "missing-permission" } };

describe("an audit cannot start", () => {
  it.each([
    ["when the hub may not list accounts", { faults: [denied] }, "AccessDeniedException"],
    [
      "when the second page fails",
      { faults: [{ ...denied, after: 1 }], organization: { pageSize: 1 } },
      "AccessDenied",
    ],
    [
      "when the hub is a plain member",
      {
        hub: { region: "us-east-1", accountId: MEMBER },
        organization: { managementAccountId: "777788889999" },
      },
      "AccessDenied",
    ],
    ["when there is no organization", { organization: "none" as const }, "AWSOrganizationsNotInUseException"],
    [
      "when Organizations fails for good",
      {
        faults: [{ on: onListAccounts, effect: { kind: "internal-failure" as const, status: 500 as const } }],
      },
      "InternalFailure",
    ],
    [
      "when Organizations throttles for good",
      { faults: [{ on: onListAccounts, effect: { kind: "throttle" as const } }] },
      "TooManyRequestsException",
      // For so long a call is repeated that is throttled.
      { AUDIT_REQUEST_TIMEOUT_SECONDS: "2" },
    ],
  ])("%s", async (_when, spoils, words, environment: Readonly<Record<string, string>> = {}) => {
    await using stage = await setStage(smallWorld(spoils), { environment });
    const audit = stage.audit();
    await expect(audit).rejects.toThrow(CannotStartError);
    await expect(audit).rejects.toThrow(words);
    await expect(audit).rejects.toThrow("scope.accounts");
  });

  it.each([
    [
      "without credentials",
      { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
      /credentials/i,
    ],
    [
      "with credentials that nobody knows",
      { AWS_ACCESS_KEY_ID: "AKIASOMEBODYELSE0000" },
      "InvalidClientTokenId",
    ],
    ["without a region", { AWS_REGION: undefined }, /region is missing/i],
    ["when nobody answers", { AWS_ENDPOINT_URL: "http://127.0.0.1:1" }, "ECONNREFUSED"],
  ])("%s", async (_with, environment, words) => {
    await using stage = await setStage(smallWorld(), { environment });
    const audit = stage.audit();
    await expect(audit).rejects.toThrow(CannotStartError);
    await expect(audit).rejects.toThrow(words);
    await expect(audit).rejects.toThrow("aws sts get-caller-identity");
    expect(stage.callsOf("DescribePullThroughCacheRules")).toEqual([]);
  });
});
