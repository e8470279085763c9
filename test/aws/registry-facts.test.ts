import {
  DescribeRepositoryCreationTemplatesCommand as DescribeTemplates,
  ECRClient,
  GetRegistryPolicyCommand as GetPolicy,
  GetRegistryScanningConfigurationCommand as GetScanning,
  type RepositoryCreationTemplate,
} from "@aws-sdk/client-ecr";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, test } from "vitest";
import { describeScanning, listCreationTemplates, readRegistryPolicy } from "../../src/aws/registry-facts.ts";
import { absent, present } from "../../src/facts/evidence.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { detailOf, serviceError, troubles } from "./trouble.ts";

const client = new ECRClient({ region: "eu-west-1" });
const ecr = mockedClient(client);

beforeEach(() => {
  ecr.reset();
});

/** The inputs of all calls. */
function asked(): readonly unknown[] {
  return ecr.calls().map(({ args }) => args[0].input);
}

const perfectTemplate = {
  prefix: "docker-hub",
  description: "for Docker Hub",
  appliedFor: ["PULL_THROUGH_CACHE", "REPLICATION"],
  imageTagMutability: "IMMUTABLE",
  encryptionConfiguration: { encryptionType: "KMS", kmsKey: "arn:aws:kms:eu-west-1:111122223333:key/1" },
  lifecyclePolicy: '{"rules":[]}',
  repositoryPolicy: '{"Statement":[]}',
  resourceTags: [{ Key: "team", Value: "platform" }],
  customRoleArn: "arn:aws:iam::111122223333:role/creator",
} satisfies RepositoryCreationTemplate;

describe("listCreationTemplates", () => {
  test("reads every page, an empty one that carries a token among them", async () => {
    const named = (prefix: string) => ({ ...perfectTemplate, prefix });
    ecr
      .on(DescribeTemplates)
      .resolves({ repositoryCreationTemplates: [named("one"), named("two")], nextToken: "page 2" })
      .on(DescribeTemplates, { nextToken: "page 2" })
      .resolves({ repositoryCreationTemplates: [], nextToken: "page 3" })
      .on(DescribeTemplates, { nextToken: "page 3" })
      .resolves({ repositoryCreationTemplates: [named("three")] });
    const templates = await listCreationTemplates(client);
    expect(templates).toMatchObject(present([{ prefix: "one" }, { prefix: "two" }, { prefix: "three" }]));
    expect(ecr).toHaveReceivedCommandTimes(DescribeTemplates, 3);
  });

  test("reads nothing if a later page cannot be read", async () => {
    ecr
      .on(DescribeTemplates)
      .resolves({ repositoryCreationTemplates: [perfectTemplate], nextToken: "page 2" })
      .on(DescribeTemplates, { nextToken: "page 2" })
      .rejects(serviceError("ThrottlingException", 400, "Rate exceeded"));
    expect(await listCreationTemplates(client)).toMatchObject({ state: "unreadable", reason: "throttled" });
  });

  test("distinguishes a registry without templates from an unreadable one", async () => {
    ecr.on(DescribeTemplates).resolves({ repositoryCreationTemplates: [] });
    expect(await listCreationTemplates(client)).toEqual(present([]));
    expect(asked()).toEqual([{}]);
  });

  const read = {
    prefix: "docker-hub",
    appliedFor: ["PULL_THROUGH_CACHE", "REPLICATION"],
    imageTagMutability: "IMMUTABLE",
    encryptionType: "KMS",
    hasLifecyclePolicy: true,
    hasRepositoryPolicy: true,
    lifecyclePolicy: perfectTemplate.lifecyclePolicy,
    repositoryPolicy: perfectTemplate.repositoryPolicy,
    hasResourceTags: true,
    customRoleArn: "arn:aws:iam::111122223333:role/creator",
  };
  test.each<{ title: string; template: RepositoryCreationTemplate; expected: object }>([
    { title: "one with every field", template: perfectTemplate, expected: read },
    {
      title: "one that says what it is for, and no more: what ECR does by default",
      template: { prefix: "ROOT", appliedFor: [] },
      expected: {
        prefix: "ROOT",
        appliedFor: [],
        imageTagMutability: "MUTABLE",
        encryptionType: "AES256",
        hasLifecyclePolicy: false,
        hasRepositoryPolicy: false,
        lifecyclePolicy: null,
        repositoryPolicy: null,
        hasResourceTags: false,
        customRoleArn: null,
      },
    },
    {
      title: "one with empty texts and lists: nothing is set",
      template: { ...perfectTemplate, lifecyclePolicy: "", repositoryPolicy: " \n", resourceTags: [] },
      expected: {
        ...read,
        hasLifecyclePolicy: false,
        hasRepositoryPolicy: false,
        lifecyclePolicy: null,
        repositoryPolicy: null,
        hasResourceTags: false,
      },
    },
  ])("maps $title", async ({ template, expected }) => {
    ecr.on(DescribeTemplates).resolves({ repositoryCreationTemplates: [template] });
    expect(await listCreationTemplates(client)).toStrictEqual(present([expected]));
  });

  test("refuses a template without prefix", async () => {
    ecr.on(DescribeTemplates).resolves({ repositoryCreationTemplates: [{ appliedFor: [] }] });
    expect(await listCreationTemplates(client)).toMatchObject({ reason: "service-error" });
  });
});

describe("describeScanning", () => {
  test("reads how the registry scans", async () => {
    ecr.on(GetScanning).resolves({
      scanningConfiguration: {
        scanType: "ENHANCED",
        rules: [
          {
            scanFrequency: "CONTINUOUS_SCAN",
            repositoryFilters: [
              { filter: "docker-hub/*", filterType: "WILDCARD" },
              { filter: "quay*", filterType: "WILDCARD" },
            ],
          },
          { scanFrequency: "SCAN_ON_PUSH", repositoryFilters: [] },
        ],
      },
    });
    expect(await describeScanning(client)).toStrictEqual(
      present({
        scanType: "ENHANCED",
        rules: [
          { scanFrequency: "CONTINUOUS_SCAN", filters: ["docker-hub/*", "quay*"] },
          { scanFrequency: "SCAN_ON_PUSH", filters: [] },
        ],
      }),
    );
    expect(asked()).toEqual([{}]);
  });

  test.each([
    { title: "no type", answer: { rules: [] } },
    { title: "no rules", answer: { scanType: "BASIC" } },
    {
      title: "a rule that says nothing",
      answer: { scanType: "BASIC", rules: [{ scanFrequency: undefined, repositoryFilters: undefined }] },
    },
    {
      title: "a filter without text",
      answer: {
        scanType: "BASIC",
        rules: [{ scanFrequency: "MANUAL", repositoryFilters: [{ filter: undefined }] }],
      },
    },
  ])("takes $title for no answer, and not for a registry that scans nothing", async ({ answer }) => {
    // AWS may leave out what the SDK's types promise: a fake is not held to them.
    ecr.on(GetScanning).callsFake(async () => ({ scanningConfiguration: answer }));
    expect(await describeScanning(client)).toMatchObject({ state: "unreadable", reason: "service-error" });
  });

  test("does not take an empty answer for a registry that scans nothing", async () => {
    ecr.on(GetScanning).resolves({});
    expect(await describeScanning(client)).toMatchObject({ state: "unreadable", reason: "service-error" });
  });
});

describe("readRegistryPolicy", () => {
  test("reads the policy's text as it is", async () => {
    const policyText = '{ "Statement": [] }';
    ecr.on(GetPolicy).resolves({ policyText, registryId: "111122223333" });
    expect(await readRegistryPolicy(client)).toEqual(present(policyText));
    expect(asked()).toEqual([{}]);
  });

  test("reports that none is set", async () => {
    ecr.on(GetPolicy).rejects(serviceError("RegistryPolicyNotFoundException", 400));
    expect(await readRegistryPolicy(client)).toEqual(absent);
  });

  test("does not take an empty answer for a registry without policy", async () => {
    ecr.on(GetPolicy).resolves({});
    expect(await readRegistryPolicy(client)).toMatchObject({ state: "unreadable", reason: "service-error" });
  });
});

describe.each([
  ["listCreationTemplates", "ecr:DescribeRepositoryCreationTemplates", () => listCreationTemplates(client)],
  ["describeScanning", "ecr:GetRegistryScanningConfiguration", () => describeScanning(client)],
  ["readRegistryPolicy", "ecr:GetRegistryPolicy", () => readRegistryPolicy(client)],
] as const)("%s", (_, operation, ask) => {
  test.each(troubles)("is unreadable, $reason: $title", async ({ error, reason }) => {
    ecr.onAnyCommand().rejects(error);
    expect(await ask()).toEqual({
      state: "unreadable",
      reason,
      operation,
      detail: detailOf(error, operation),
    });
  });
});
