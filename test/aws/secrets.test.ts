import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import "aws-sdk-client-mock-vitest/extend";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeSecret, readSecretVersion } from "../../src/aws/registry-facts.ts";
import { absent, present } from "../../src/facts/evidence.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { detailOf, serviceError, troubles } from "./trouble.ts";

const client = new SecretsManagerClient({ region: "eu-west-1" });
const secretsManager = mockedClient(client);
const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf";

beforeEach(() => {
  secretsManager.reset();
});

afterEach(() => {
  // Whatever the test was about: no secret's value is ever read.
  expect(secretsManager).not.toHaveReceivedCommand(GetSecretValueCommand);
});

const perfectSecret = {
  ARN: arn,
  Name: "ecr-pullthroughcache/hub",
  KmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1",
  CreatedDate: new Date("2025-06-02T08:00:00Z"),
  LastChangedDate: new Date("2026-11-01T08:00:00.250Z"),
  RotationEnabled: true,
  NextRotationDate: new Date("2026-12-01T08:00:00Z"),
  LastRotatedDate: new Date("2026-10-01T08:00:00Z"),
  DeletedDate: new Date("2026-11-10T08:00:00Z"),
  Tags: [
    { Key: "expires-on", Value: "2027-01-31" },
    { Key: "team", Value: "platform" },
  ],
} satisfies DescribeSecretResponse;

const read = {
  name: "ecr-pullthroughcache/hub",
  kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1",
  lastChangedAt: "2026-11-01T08:00:00.250Z",
  deletedAt: "2026-11-10T08:00:00.000Z",
  tags: { "expires-on": "2027-01-31", team: "platform" },
  rotation: { isEnabled: true, nextAt: "2026-12-01T08:00:00.000Z" },
};

describe("describeSecret", () => {
  test("asks about the one secret, and for nothing else", async () => {
    secretsManager.on(DescribeSecretCommand).resolves(perfectSecret);
    await describeSecret(client, arn);
    expect(secretsManager.calls().map(({ args }) => args[0].input)).toEqual([{ SecretId: arn }]);
  });

  test.each<{ title: string; secret: DescribeSecretResponse; expected: object }>([
    { title: "a secret with every field", secret: perfectSecret, expected: read },
    {
      title: "a secret that was never changed: it is as old as itself",
      secret: { ...perfectSecret, LastChangedDate: undefined },
      expected: { ...read, lastChangedAt: "2025-06-02T08:00:00.000Z" },
    },
    {
      title: "a secret with an ARN and a name alone",
      secret: { ARN: arn, Name: "ecr-pullthroughcache/hub" },
      expected: {
        name: read.name,
        kmsKeyId: null,
        lastChangedAt: null,
        deletedAt: null,
        tags: {},
        rotation: { isEnabled: false, nextAt: null },
      },
    },
    {
      title: "tags without value",
      secret: { ...perfectSecret, Tags: [{ Key: "expires-on" }] },
      expected: { ...read, tags: { "expires-on": "" } },
    },
  ])("maps $title", async ({ secret, expected }) => {
    secretsManager.on(DescribeSecretCommand).resolves(secret);
    expect(await describeSecret(client, arn)).toStrictEqual(present(expected));
  });

  test("reports that the secret does not exist", async () => {
    secretsManager.on(DescribeSecretCommand).rejects(serviceError("ResourceNotFoundException", 400));
    expect(await describeSecret(client, arn)).toEqual(absent);
  });

  test("does not take an empty answer for a secret", async () => {
    secretsManager.on(DescribeSecretCommand).resolves({});
    expect(await describeSecret(client, arn)).toMatchObject({ state: "unreadable", reason: "service-error" });
  });

  test.each(troubles)("is unreadable, $reason: $title", async ({ error, reason }) => {
    secretsManager.onAnyCommand().rejects(error);
    const operation = "secretsmanager:DescribeSecret";
    expect(await describeSecret(client, arn)).toEqual({
      state: "unreadable",
      reason,
      operation,
      detail: detailOf(error, operation),
    });
  });
});

describe("readSecretVersion", () => {
  const version = (id: string, stage: string, day: string) => ({
    VersionId: id.repeat(32),
    VersionStages: [stage],
    CreatedDate: new Date(`${day}T08:00:00Z`),
  });
  const previous = version("1", "AWSPREVIOUS", "2025-06-02");
  const current = version("2", "AWSCURRENT", "2026-10-01");

  test("finds the current version on any page, and asks for nothing else", async () => {
    secretsManager
      .on(ListSecretVersionIdsCommand)
      .resolvesOnce({ Versions: [previous], NextToken: "next" })
      .resolvesOnce({ Versions: [current] });
    expect(await readSecretVersion(client, arn)).toStrictEqual(
      present({ currentSince: "2026-10-01T08:00:00.000Z" }),
    );
    expect(secretsManager.calls().map(({ args }) => args[0].input)).toEqual([
      { SecretId: arn },
      { SecretId: arn, NextToken: "next" },
    ]);
  });

  test.each([
    { title: "no version is current", Versions: [previous] },
    { title: "the current version has no date", Versions: [{ ...current, CreatedDate: undefined }] },
  ])("does not know the age where $title", async ({ Versions }) => {
    secretsManager.on(ListSecretVersionIdsCommand).resolves({ Versions });
    expect(await readSecretVersion(client, arn)).toEqual(present({ currentSince: null }));
  });

  test("reports that the secret does not exist", async () => {
    secretsManager.on(ListSecretVersionIdsCommand).rejects(serviceError("ResourceNotFoundException", 400));
    expect(await readSecretVersion(client, arn)).toEqual(absent);
  });

  test.each(troubles)("is unreadable, $reason: $title", async ({ error, reason }) => {
    secretsManager.onAnyCommand().rejects(error);
    const operation = "secretsmanager:ListSecretVersionIds";
    expect(await readSecretVersion(client, arn)).toEqual({
      state: "unreadable",
      reason,
      operation,
      detail: detailOf(error, operation),
    });
  });
});
