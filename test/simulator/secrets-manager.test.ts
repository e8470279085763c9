import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { secretArn } from "./arn.ts";
import { connectionTo } from "./connection.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { account, registry, secret, world } from "./world-builder.ts";

const HUB = "111122223333";
const NAME = "ecr-pullthroughcache/docker-hub";
const ARN = secretArn({ partition: "aws", accountId: HUB, region: "eu-west-1" }, NAME);

function worldWithSecrets() {
  const secrets = [
    secret(NAME, {
      description: "Docker Hub's token",
      kmsKeyId: "alias/own",
      createdDate: "2025-06-02T08:00:00.000Z",
      lastChangedDate: "2026-01-02T08:00:00.000Z",
      lastRotatedDate: "2026-01-03T08:00:00.000Z",
      deletedDate: "2026-11-20T08:00:00.000Z",
      tags: { "expires-on": "2027-01-31" },
    }),
    secret("slack/webhook", { value: "https://hooks.example/T000" }),
    secret("leaving", { value: "x", deletedDate: "2026-11-20T08:00:00.000Z" }),
    secret("closed"),
  ];
  return world({
    accounts: [
      account(HUB, { regions: { "eu-west-1": registry([], { secrets }), "us-east-1": registry() } }),
    ],
    hub: { region: "eu-west-1" },
  });
}

function describeSecret(simulator: Simulator, SecretId: string, region = "eu-west-1") {
  return new SecretsManagerClient(connectionTo(simulator, { region })).send(
    new DescribeSecretCommand({ SecretId }),
  );
}

describe("DescribeSecret", () => {
  it.each([
    ["name", NAME],
    ["ARN", ARN],
    ["ARN without its last characters", ARN.slice(0, -7)],
  ])("answers everything but the value, by %s", async (_how, secretId) => {
    await using simulator = await startSimulator(worldWithSecrets());
    const { $metadata: _unused, ...answer } = await describeSecret(simulator, secretId);
    expect(answer).toEqual({
      ARN,
      Name: NAME,
      Description: "Docker Hub's token",
      KmsKeyId: "alias/own",
      CreatedDate: new Date("2025-06-02T08:00:00.000Z"),
      LastChangedDate: new Date("2026-01-02T08:00:00.000Z"),
      LastRotatedDate: new Date("2026-01-03T08:00:00.000Z"),
      DeletedDate: new Date("2026-11-20T08:00:00.000Z"),
      Tags: [{ Key: "expires-on", Value: "2027-01-31" }],
    });
  });

  it("lets a secret without a date of change be ten days old whenever it is asked about", async () => {
    const clock = () => new Date("2026-11-21T06:00:00Z");
    await using simulator = await startSimulator(worldWithSecrets(), { clock });
    expect((await describeSecret(simulator, "closed")).LastChangedDate).toEqual(
      new Date("2026-11-11T00:00:00Z"),
    );
  });

  it.each([
    ["a secret that is not there", "ResourceNotFoundException", "gone", "eu-west-1"],
    ["a secret of another region", "ResourceNotFoundException", ARN, "us-east-1"],
    ["a secret of another account", "AccessDeniedException", ARN.replace(HUB, "444455556666"), "eu-west-1"],
    ["no name at all", "ValidationException", "", "eu-west-1"],
  ])("refuses %s", async (_what, name, secretId, region) => {
    await using simulator = await startSimulator(worldWithSecrets());
    await expect(describeSecret(simulator, secretId, region)).rejects.toMatchObject({ name });
  });
});

describe("ListSecretVersionIds", () => {
  it("answers when the current value was set, and not the value", async () => {
    await using simulator = await startSimulator(worldWithSecrets());
    const client = new SecretsManagerClient(connectionTo(simulator));
    const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId: NAME }));
    expect(Versions).toMatchObject([
      { VersionStages: ["AWSPREVIOUS"], CreatedDate: new Date("2025-06-02T08:00:00.000Z") },
      { VersionStages: ["AWSCURRENT"], CreatedDate: new Date("2026-01-02T08:00:00.000Z") },
    ]);
  });
});

describe("GetSecretValue", () => {
  it("answers only values that the world gives away", async () => {
    await using simulator = await startSimulator(worldWithSecrets());
    const client = new SecretsManagerClient(connectionTo(simulator));
    const getValue = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));
    expect(await getValue("slack/webhook")).toMatchObject({ SecretString: "https://hooks.example/T000" });
    await expect(getValue("closed")).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(getValue("leaving")).rejects.toMatchObject({ name: "InvalidRequestException" });
    await expect(getValue("gone")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
