import { DescribePullThroughCacheRulesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { type Simulator, startSimulator } from "./server.ts";
import type { World } from "./world.ts";
import { account, registry, rule, world } from "./world-builder.ts";

const HUB = "111122223333";
const MEMBER = "444455556666";
const MEMBER_ROLE = `arn:aws:iam::${MEMBER}:role/pull-through-auditor`;

function twoAccounts(member: Parameters<typeof account>[1] = {}): World {
  return world({
    accounts: [
      account(HUB, { regions: { "eu-west-1": registry() } }),
      account(MEMBER, { regions: { "eu-west-1": registry([rule("quay", "quay")]) }, ...member }),
    ],
  });
}

function assume(simulator: Simulator, input: Partial<AssumeRoleCommand["input"]> = {}) {
  const sts = new STSClient(connectionTo(simulator));
  return sts.send(new AssumeRoleCommand({ RoleArn: MEMBER_ROLE, RoleSessionName: "audit", ...input }));
}

describe("GetCallerIdentity", () => {
  it("names the account whose key signed the request", async () => {
    await using simulator = await startSimulator(twoAccounts());
    const sts = new STSClient(connectionTo(simulator, { accountId: MEMBER }));
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: MEMBER,
      Arn: `arn:aws:iam::${MEMBER}:user/auditor`,
    });
  });

  it("refuses a key that nobody issued", async () => {
    await using simulator = await startSimulator(twoAccounts());
    const credentials = { accessKeyId: "AKIASOMEBODYELSE0000", secretAccessKey: "secret" };
    const sts = new STSClient({ ...connectionTo(simulator), credentials });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: "InvalidClientTokenId",
      $metadata: { httpStatusCode: 403 },
    });
  });

  it("refuses a request without a signature", async () => {
    await using simulator = await startSimulator(twoAccounts());
    const body = new URLSearchParams({ Action: "GetCallerIdentity", Version: "2011-06-15" });
    const response = await fetch(simulator.url, { method: "POST", body });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("<Code>MissingAuthenticationToken</Code>");
  });
});

describe("AssumeRole", () => {
  it("opens a session whose calls are the member's", async () => {
    await using simulator = await startSimulator(twoAccounts());
    const { Credentials, AssumedRoleUser } = await assume(simulator);
    const ecr = new ECRClient({
      ...connectionTo(simulator),
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      },
    });
    const { pullThroughCacheRules } = await ecr.send(new DescribePullThroughCacheRulesCommand({}));
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${MEMBER}:assumed-role/pull-through-auditor/audit`);
    expect(pullThroughCacheRules).toMatchObject([{ ecrRepositoryPrefix: "quay", registryId: MEMBER }]);
  });

  it.each([
    ["there is no role", { role: "none" as const }, {}],
    ["the role has another name", { role: { name: "other" } }, {}],
    ["an external id is missing", { role: { externalId: "example-audit" } }, {}],
    ["the external id is wrong", { role: { externalId: "example-audit" } }, { ExternalId: "guess" }],
    ["the account is suspended", { state: "SUSPENDED" as const }, {}],
  ])("is denied when %s", async (_when, member, input) => {
    await using simulator = await startSimulator(twoAccounts(member));
    await expect(assume(simulator, input)).rejects.toMatchObject({
      name: "AccessDenied",
      message: `User: arn:aws:iam::${HUB}:user/auditor is not authorized to perform: sts:AssumeRole on resource: ${MEMBER_ROLE}`,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it("opens a session in an account that is being closed", async () => {
    await using simulator = await startSimulator(twoAccounts({ state: "PENDING_CLOSURE" }));
    expect((await assume(simulator)).Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });

  it("knows roles by their partition", async () => {
    await using simulator = await startSimulator({ ...twoAccounts(), partition: "aws-us-gov" });
    await expect(assume(simulator)).rejects.toMatchObject({ name: "AccessDenied" });
    const { AssumedRoleUser } = await assume(simulator, {
      RoleArn: MEMBER_ROLE.replace("aws", "aws-us-gov"),
    });
    expect(AssumedRoleUser?.Arn).toMatch(/^arn:aws-us-gov:sts::/);
  });

  it("takes the external id that the role demands", async () => {
    await using simulator = await startSimulator(twoAccounts({ role: { externalId: "example-audit" } }));
    const { Credentials } = await assume(simulator, { ExternalId: "example-audit" });
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });

  it.each([
    ["a session name with a blank", { RoleSessionName: "nightly audit" }],
    ["a session name of one letter", { RoleSessionName: "a" }],
    ["an external id of one letter", { ExternalId: "a" }],
    ["a session of less than 15 minutes", { DurationSeconds: 899 }],
    ["a session of more than 12 hours", { DurationSeconds: 43_201 }],
    ["what is no role", { RoleArn: "arn:aws:s3:::some-bucket-or-other" }],
  ])("refuses %s", async (_what, input) => {
    await using simulator = await startSimulator(twoAccounts());
    await expect(assume(simulator, input)).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("refuses a session that is longer than the role allows", async () => {
    await using simulator = await startSimulator(twoAccounts({ role: { maxSessionSeconds: 3600 } }));
    await expect(assume(simulator, { DurationSeconds: 3601 })).rejects.toThrow("MaxSessionDuration");
  });

  it("caps role chaining at an hour", async () => {
    await using simulator = await startSimulator({
      ...twoAccounts(),
      hub: { accountId: HUB, region: "eu-west-1", principal: "role" },
    });
    const sts = new STSClient({
      ...connectionTo(simulator),
      credentials: {
        accessKeyId: simulator.env["AWS_ACCESS_KEY_ID"] ?? "",
        secretAccessKey: simulator.env["AWS_SECRET_ACCESS_KEY"] ?? "",
        sessionToken: simulator.env["AWS_SESSION_TOKEN"] ?? "",
      },
    });
    const assumeFor = (DurationSeconds: number) =>
      sts.send(new AssumeRoleCommand({ RoleArn: MEMBER_ROLE, RoleSessionName: "audit", DurationSeconds }));
    await expect(assumeFor(3601)).rejects.toThrow("role chaining");
    expect((await assumeFor(3600)).AssumedRoleUser?.Arn).toContain("/audit");
  });

  it("lets sessions expire by the simulator's clock", async () => {
    let now = new Date("2026-11-21T06:00:00Z");
    await using simulator = await startSimulator(twoAccounts({ role: { sessionSeconds: 60 } }), {
      clock: () => now,
    });
    const { Credentials } = await assume(simulator);
    const ecr = new ECRClient({
      ...connectionTo(simulator),
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      },
    });
    const describeRules = () => ecr.send(new DescribePullThroughCacheRulesCommand({}));
    expect(Credentials?.Expiration).toEqual(new Date("2026-11-21T06:01:00Z"));
    expect((await describeRules()).pullThroughCacheRules).toHaveLength(1);
    now = new Date("2026-11-21T06:01:00Z");
    await expect(describeRules()).rejects.toMatchObject({
      name: "ExpiredTokenException",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("gives a session's key no power without its token", async () => {
    await using simulator = await startSimulator(twoAccounts());
    const { Credentials } = await assume(simulator);
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
    };
    const ecr = new ECRClient({ ...connectionTo(simulator), credentials });
    await expect(ecr.send(new DescribePullThroughCacheRulesCommand({}))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    });
  });
});
