import { AccountClient, ListRegionsCommand } from "@aws-sdk/client-account";
import { DescribePullThroughCacheRulesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import "aws-sdk-client-mock-vitest/extend";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CannotStartError } from "../../src/audit/ports.ts";
import { clientDefaults } from "../../src/aws/http.ts";
import { connect } from "../../src/aws/sources.ts";
import { targetOf } from "../../src/ecr/target.ts";
import { systemClock } from "../../src/local/clock.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { serviceError } from "./trouble.ts";

const hub = "111122223333";
const member = "444455556666";
const defaults = clientDefaults(4, 1_000);
const pacing = { concurrency: 4, patienceMs: 1_000, clock: systemClock, random: () => 0 };
const role = { name: "auditor", externalId: "org/42" };

const sts = mockedClient(STSClient);
const ecr = mockedClient(ECRClient);
const secretsManager = mockedClient(SecretsManagerClient);
const account = mockedClient(AccountClient);
const organizations = mockedClient(OrganizationsClient);

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
  called.length = 0;
  ecr.on(DescribePullThroughCacheRulesCommand).callsFake(noting({ pullThroughCacheRules: [] }));
  secretsManager
    .on(DescribeSecretCommand)
    .callsFake(noting({ ARN: "arn:hub", Name: "ecr-pullthroughcache/hub" }));
  account.on(ListRegionsCommand).callsFake(noting({ Regions: [{ RegionName: "eu-central-1" }] }));
  organizations.on(ListAccountsCommand).callsFake(noting({ Accounts: [{ Id: hub, State: "ACTIVE" }] }));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

type Caller = ECRClient | SecretsManagerClient | AccountClient | OrganizationsClient;

type Called = { readonly region: string; readonly key: string; readonly client: Caller };

const called: Called[] = [];

/** Answers a command, and notes where the client that sends it points to, and with whose key it signs. */
function noting<Answer>(answer: Answer) {
  return async (_input: unknown, getClient: () => Caller): Promise<Answer> => {
    const client = getClient();
    const { accessKeyId: key } = await client.config.credentials();
    called.push({ region: await client.config.region(), key, client });
    return answer;
  };
}

function target(id: string, region: string) {
  return targetOf({ id, name: null, organizationId: null, organizationalUnits: [] }, region);
}

const memberKey = `key of arn:aws:iam::${member}:role/auditor`;

describe("connect", () => {
  test("returns the identity of the audit", async () => {
    const { identity } = await connect(defaults, role, pacing);
    expect(identity).toEqual({ account: hub, region: "eu-central-1" });
  });

  test("cannot start without valid credentials", async () => {
    sts.on(GetCallerIdentityCommand).rejects(serviceError("ExpiredToken", 403));
    await expect(connect(defaults, role, pacing)).rejects.toThrow(CannotStartError);
  });

  test("reads other accounts' registries with the role, each in its region", async () => {
    const sources = await connect(defaults, role, pacing);
    await sources.openRegistry(target(member, "us-east-1")).listRules();
    await sources.openRegistry(target(member, "ap-south-1")).listRules();
    expect(called).toMatchObject([
      { region: "us-east-1", key: memberKey },
      { region: "ap-south-1", key: memberKey },
    ]);
    expect(sts).toHaveReceivedCommandExactlyOnceWith(AssumeRoleCommand, { ExternalId: "org/42" });
  });

  test("reads the hub's own registries with its own credentials", async () => {
    const sources = await connect(defaults, role, pacing);
    await sources.openRegistry(target(hub, "us-east-1")).listRules();
    expect(called).toMatchObject([{ region: "us-east-1", key: "hub key" }]);
    expect(sts).not.toHaveReceivedCommand(AssumeRoleCommand);
  });

  test.each([
    { id: member, key: memberKey },
    { id: hub, key: "hub key" },
  ])("describes the secrets of $id with $key, in the registry's region", async ({ id, key }) => {
    const sources = await connect(defaults, role, pacing);
    const registry = sources.openRegistry(target(id, "us-east-1"));
    await registry.describeSecret("arn:one");
    await registry.describeSecret("arn:two");
    const caller = { region: "us-east-1", key };
    expect(called).toMatchObject([caller, caller]);
  });

  test.each([
    { id: member, key: memberKey },
    { id: hub, key: "hub key" },
  ])("lists the regions of $id with $key, from the hub's region", async ({ id, key }) => {
    const sources = await connect(defaults, role, pacing);
    await sources.listEnabledRegions(id);
    expect(called).toMatchObject([{ region: "eu-central-1", key }]);
  });

  test("shares an account's session between its regions and its registries", async () => {
    const sources = await connect(defaults, role, pacing);
    await sources.listEnabledRegions(member);
    await sources.openRegistry(target(member, "us-east-1")).listRules();
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1);
  });

  test("has one client for all accounts of a region, and signs each account's calls with its own key", async () => {
    const sources = await connect(defaults, role, pacing);
    const ids = [member, hub, "777788889999"];
    await Promise.all(ids.map((id) => sources.openRegistry(target(id, "us-east-1")).listRules()));
    expect(new Set(called.map(({ client }) => client)).size).toBe(1);
    const keyOfThird = "key of arn:aws:iam::777788889999:role/auditor";
    expect(called.map(({ key }) => key).toSorted()).toEqual(["hub key", memberKey, keyOfThird].toSorted());
  });

  test("lists the accounts with the hub's own credentials", async () => {
    const sources = await connect(defaults, role, pacing);
    for await (const { id } of sources.listAccounts()) expect(id).toBe(hub);
    expect(called).toMatchObject([{ region: "eu-central-1", key: "hub key" }]);
  });

  test("finds the role in the hub's partition", async () => {
    vi.stubEnv("AWS_REGION", "cn-north-1");
    const sources = await connect(defaults, role, pacing);
    await sources.openRegistry(target(member, "cn-northwest-1")).listRules();
    const key = `key of arn:aws-cn:iam::${member}:role/auditor`;
    expect(called).toMatchObject([{ region: "cn-northwest-1", key }]);
  });
});

describe("room for a registry", () => {
  test("is there once its account has a session, which its calls then use", async () => {
    const sources = await connect(defaults, role, pacing);
    await sources.room(target(member, "us-east-1"));
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1);
    await sources.openRegistry(target(member, "us-east-1")).listRules();
    expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1);
  });

  test.each(["AccessDenied", "InternalFailure"])(
    "is there at once without a session: the registry's first call says that STS answered %s, and does not ask again",
    async (name) => {
      sts.on(AssumeRoleCommand).rejects(serviceError(name, 403));
      const sources = await connect(defaults, role, pacing);
      await sources.room(target(member, "us-east-1"));
      const rules = await sources.openRegistry(target(member, "us-east-1")).listRules();
      expect(rules).toMatchObject({ state: "unreadable", detail: expect.stringContaining(name) });
      expect(sts).toHaveReceivedCommandTimes(AssumeRoleCommand, 1);
    },
  );
});
