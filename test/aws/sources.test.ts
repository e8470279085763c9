import { AccountClient, ListRegionsCommand } from "@aws-sdk/client-account";
import { DescribePullThroughCacheRulesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CannotStartError } from "../../src/audit/ports.ts";
import { clientDefaults } from "../../src/aws/http.ts";
import { connect } from "../../src/aws/sources.ts";
import { targetOf } from "../../src/model/target.ts";
import { serviceError } from "./trouble.ts";

const hub = "111122223333";
const member = "444455556666";
const defaults = clientDefaults(4, 1_000);
const role = { name: "auditor", externalId: "org/42" };

const sts = mockClient(STSClient);
const ecr = mockClient(ECRClient);
const secretsManager = mockClient(SecretsManagerClient);
const account = mockClient(AccountClient);
const organizations = mockClient(OrganizationsClient);

beforeEach(() => {
  for (const mock of [sts, ecr, secretsManager, account, organizations]) mock.reset();
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "hub key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_PROFILE", undefined);
  sts.on(GetCallerIdentityCommand).resolves({ Account: hub });
  sts.on(AssumeRoleCommand).callsFake(async ({ RoleArn }: { RoleArn: string }) => ({
    Credentials: {
      AccessKeyId: `key of ${RoleArn}`,
      SecretAccessKey: "secret",
      SessionToken: "token",
      Expiration: new Date(Date.now() + 3_600_000),
    },
  }));
  ecr.on(DescribePullThroughCacheRulesCommand).resolves({});
  secretsManager.on(DescribeSecretCommand).resolves({ Name: "ecr-pullthroughcache/hub" });
  account.on(ListRegionsCommand).resolves({});
  organizations.on(ListAccountsCommand).resolves({});
});

afterEach(() => {
  vi.unstubAllEnvs();
});

type Caller = ECRClient | SecretsManagerClient | AccountClient | OrganizationsClient;

/** Where the clients that called were pointed to, and with whose key. */
function callers(mock: { send: { getCalls: () => { thisValue: unknown }[] } }) {
  return Promise.all(
    mock.send.getCalls().map(async ({ thisValue: client }) => {
      if (!isCaller(client)) throw new Error("called by another client");
      const { accessKeyId } = await client.config.credentials();
      return {
        region: await client.config.region(),
        key: accessKeyId,
        transport: client.config.requestHandler,
      };
    }),
  );
}

function isCaller(client: unknown): client is Caller {
  return [ECRClient, SecretsManagerClient, AccountClient, OrganizationsClient].some(
    (type) => client instanceof type,
  );
}

function target(id: string, region: string) {
  return targetOf({ id, name: null, organizationId: null, organizationalUnits: [] }, region);
}

const transport = defaults.requestHandler;
const memberKey = `key of arn:aws:iam::${member}:role/auditor`;

describe("connect", () => {
  test("tells who the audit runs as", async () => {
    const { identity } = await connect(defaults, role);
    expect(identity).toEqual({ account: hub, region: "eu-central-1" });
  });

  test("can not start without working credentials", async () => {
    sts.on(GetCallerIdentityCommand).rejects(serviceError("ExpiredToken", 403));
    await expect(connect(defaults, role)).rejects.toThrow(CannotStartError);
  });

  test("reads other accounts' registries with the role, each in its region", async () => {
    const sources = await connect(defaults, role);
    await sources.openRegistry(target(member, "us-east-1")).listRules();
    await sources.openRegistry(target(member, "ap-south-1")).listRules();
    expect(await callers(ecr)).toEqual([
      { region: "us-east-1", key: memberKey, transport },
      { region: "ap-south-1", key: memberKey, transport },
    ]);
    expect(sts).toHaveReceivedCommandExactlyOnceWith(AssumeRoleCommand, { ExternalId: "org/42" });
  });

  test("reads the hub's own registries with its own credentials", async () => {
    const sources = await connect(defaults, role);
    await sources.openRegistry(target(hub, "us-east-1")).listRules();
    expect(await callers(ecr)).toEqual([{ region: "us-east-1", key: "hub key", transport }]);
    expect(sts).not.toHaveReceivedCommand(AssumeRoleCommand);
  });

  test.each([
    { id: member, key: memberKey },
    { id: hub, key: "hub key" },
  ])("describes the secrets of $id with $key, in the registry's region", async ({ id, key }) => {
    const sources = await connect(defaults, role);
    const registry = sources.openRegistry(target(id, "us-east-1"));
    await registry.describeSecret("arn:one");
    await registry.describeSecret("arn:two");
    const caller = { region: "us-east-1", key, transport };
    expect(await callers(secretsManager)).toEqual([caller, caller]);
    const [first, second] = secretsManager.send.getCalls();
    expect(first?.thisValue).toBe(second?.thisValue);
  });

  test.each([
    { id: member, key: memberKey },
    { id: hub, key: "hub key" },
  ])("lists the regions of $id with $key, from the hub's region", async ({ id, key }) => {
    const sources = await connect(defaults, role);
    await sources.listEnabledRegions(id);
    expect(await callers(account)).toEqual([{ region: "eu-central-1", key, transport }]);
  });

  test("shares an account's session between its regions and its registries", async () => {
    const sources = await connect(defaults, role);
    await sources.listEnabledRegions(member);
    await sources.openRegistry(target(member, "us-east-1")).listRules();
    await callers(account);
    await callers(ecr);
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1);
  });

  test("lists the accounts with the hub's own credentials", async () => {
    const sources = await connect(defaults, role);
    for await (const _ of sources.listAccounts()) throw new Error("there is none");
    expect(await callers(organizations)).toEqual([{ region: "eu-central-1", key: "hub key", transport }]);
  });

  test("finds the role in the hub's partition", async () => {
    vi.stubEnv("AWS_REGION", "cn-north-1");
    const sources = await connect(defaults, role);
    await sources.openRegistry(target(member, "cn-northwest-1")).listRules();
    const key = `key of arn:aws-cn:iam::${member}:role/auditor`;
    expect(await callers(ecr)).toEqual([{ region: "cn-northwest-1", key, transport }]);
  });
});
