import {
  DescribePullThroughCacheRulesCommand as DescribeRules,
  ECRClient,
  type PullThroughCacheRule as EcrRule,
  type ValidatePullThroughCacheRuleResponse,
  ValidatePullThroughCacheRuleCommand as ValidateRule,
} from "@aws-sdk/client-ecr";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, test } from "vitest";
import { RoleNotAssumableError } from "../../src/aws/errors.ts";
import { openRegistry } from "../../src/aws/registry.ts";
import { absent, present } from "../../src/facts/evidence.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { detailOf, serviceError, troubles } from "./trouble.ts";

const client = new ECRClient({ region: "eu-west-1" });
const ecr = mockedClient(client);
const registry = openRegistry(client, noSecrets);

beforeEach(() => {
  ecr.reset();
});

function noSecrets(): never {
  throw new Error("rules need no client of Secrets Manager");
}

const perfectRule = {
  ecrRepositoryPrefix: "docker-hub",
  upstreamRegistryUrl: "registry-1.docker.io",
  upstreamRegistry: "docker-hub",
  upstreamRepositoryPrefix: "library",
  credentialArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf",
  customRoleArn: "arn:aws:iam::111122223333:role/puller",
  registryId: "111122223333",
  createdAt: new Date("2026-01-15T09:00:00Z"),
  updatedAt: new Date("2026-02-15T09:00:00.250Z"),
} satisfies EcrRule;

function named(prefix: string): EcrRule {
  return { ...perfectRule, ecrRepositoryPrefix: prefix };
}

describe("listRules", () => {
  test("reads every page, an empty one that carries a token among them", async () => {
    ecr
      .on(DescribeRules)
      .resolves({ pullThroughCacheRules: [named("one"), named("two")], nextToken: "page 2" })
      .on(DescribeRules, { nextToken: "page 2" })
      .resolves({ pullThroughCacheRules: [], nextToken: "page 3" })
      .on(DescribeRules, { nextToken: "page 3" })
      .resolves({ pullThroughCacheRules: [], nextToken: "page 4" })
      .on(DescribeRules, { nextToken: "page 4" })
      .resolves({ pullThroughCacheRules: [named("three")] });
    const rules = await registry.listRules();
    expect(rules).toMatchObject(
      present([
        { ecrRepositoryPrefix: "one" },
        { ecrRepositoryPrefix: "two" },
        { ecrRepositoryPrefix: "three" },
      ]),
    );
    expect(ecr).toHaveReceivedCommandTimes(DescribeRules, 4);
  });

  test("reads nothing if a later page cannot be read", async () => {
    ecr
      .on(DescribeRules)
      .resolves({ pullThroughCacheRules: [named("one")], nextToken: "page 2" })
      .on(DescribeRules, { nextToken: "page 2" })
      .rejects(serviceError("ThrottlingException", 400, "Rate exceeded"));
    expect(await registry.listRules()).toEqual({
      state: "unreadable",
      reason: "throttled",
      operation: "ecr:DescribePullThroughCacheRules",
      detail: "ThrottlingException: Rate exceeded",
    });
  });

  test("distinguishes a registry without rules from an unreadable one", async () => {
    ecr.on(DescribeRules).resolves({ pullThroughCacheRules: [] });
    expect(await registry.listRules()).toEqual(present([]));
  });

  test("asks for the registry of the credentials, for all of its rules", async () => {
    ecr.on(DescribeRules).resolves({ pullThroughCacheRules: [] });
    await registry.listRules();
    const asked = ecr.commandCalls(DescribeRules).map(({ args }) => args[0].input);
    expect(asked).toEqual([{}]);
  });

  const { registryId: _, createdAt: __, updatedAt: ___, ...fields } = perfectRule;
  const read = { ...fields, createdAt: "2026-01-15T09:00:00.000Z", updatedAt: "2026-02-15T09:00:00.250Z" };
  test.each<{ title: string; rule: object; expected: object }>([
    { title: "a rule with every field", rule: perfectRule, expected: read },
    {
      title: "an upstream that only the URL identifies",
      rule: { ...perfectRule, upstreamRegistry: undefined },
      expected: read,
    },
    {
      title: "a URL that contradicts the declared upstream",
      rule: { ...perfectRule, upstreamRegistryUrl: "quay.io" },
      expected: { ...read, upstreamRegistryUrl: "quay.io", upstreamRegistry: "quay" },
    },
    {
      title: "an upstream that nothing identifies",
      rule: { ...perfectRule, upstreamRegistry: undefined, upstreamRegistryUrl: "registry.example.com" },
      expected: { ...read, upstreamRegistry: null, upstreamRegistryUrl: "registry.example.com" },
    },
    {
      title: "an upstream that this version does not know",
      rule: { ...perfectRule, upstreamRegistry: "newcomer", upstreamRegistryUrl: "registry.example.com" },
      expected: { ...read, upstreamRegistry: "newcomer", upstreamRegistryUrl: "registry.example.com" },
    },
    {
      title: "an upstream without prefix: all of it",
      rule: { ...perfectRule, upstreamRepositoryPrefix: undefined },
      expected: { ...read, upstreamRepositoryPrefix: "ROOT" },
    },
    {
      title: "a rule with only the fields that AWS always returns",
      rule: { ecrRepositoryPrefix: "docker-hub", upstreamRegistryUrl: "registry-1.docker.io" },
      expected: {
        ...read,
        upstreamRepositoryPrefix: "ROOT",
        credentialArn: null,
        customRoleArn: null,
        createdAt: null,
        updatedAt: null,
      },
    },
  ])("maps $title", async ({ rule, expected }) => {
    // AWS may answer with what the SDK's types do not know: a fake is not held to them.
    ecr.on(DescribeRules).callsFake(async () => ({ pullThroughCacheRules: [rule] }));
    expect(await registry.listRules()).toStrictEqual(present([expected]));
  });

  test.each(["ecrRepositoryPrefix", "upstreamRegistryUrl"])("refuses a rule without %s", async (field) => {
    ecr.on(DescribeRules).resolves({ pullThroughCacheRules: [{ ...perfectRule, [field]: undefined }] });
    expect(await registry.listRules()).toMatchObject({ state: "unreadable", reason: "service-error" });
  });

  test("says that the role could not be assumed when the credentials say so", async () => {
    const refusal = new RoleNotAssumableError("arn:aws:iam::1:role/x", serviceError("AccessDenied", 403));
    // No mock: what the SDK does to an error of its credentials is what matters.
    const unmocked = new ECRClient({ region: "eu-west-1", credentials: () => Promise.reject(refusal) });
    expect(await openRegistry(unmocked, noSecrets).listRules()).toMatchObject({
      reason: "role-not-assumable",
      operation: "sts:AssumeRole",
    });
  });
});

describe("validateRule", () => {
  test("asks about the one rule", async () => {
    ecr.on(ValidateRule).resolves({ isValid: true });
    await registry.validateRule("team/hub");
    const asked = ecr.commandCalls(ValidateRule).map(({ args }) => args[0].input);
    expect(asked).toEqual([{ ecrRepositoryPrefix: "team/hub" }]);
  });

  test.each<{ answer: ValidatePullThroughCacheRuleResponse; validation: object }>([
    { answer: { isValid: true }, validation: { outcome: "valid" } },
    { answer: { isValid: true, failure: "stale text" }, validation: { outcome: "valid" } },
    { answer: { isValid: false, failure: "401" }, validation: { outcome: "invalid", failure: "401" } },
    { answer: { isValid: false }, validation: { outcome: "invalid", failure: "AWS gave no reason" } },
  ])("$answer: $validation", async ({ answer, validation }) => {
    ecr.on(ValidateRule).resolves(answer);
    expect(await registry.validateRule("docker-hub")).toStrictEqual(present(validation));
  });

  test("a rule that is gone is absent", async () => {
    ecr.on(ValidateRule).rejects(serviceError("PullThroughCacheRuleNotFoundException", 400));
    expect(await registry.validateRule("docker-hub")).toEqual(absent);
  });

  test.each(["InvalidParameterException", "ValidationException"])("%s is no verdict", async (name) => {
    ecr.on(ValidateRule).rejects(serviceError(name, 400, "not this rule"));
    const detail = `${name}: not this rule`;
    expect(await registry.validateRule("docker-hub")).toEqual(present({ outcome: "declined", detail }));
  });

  test("an answer without isValid is neither valid nor invalid", async () => {
    ecr.on(ValidateRule).resolves({ failure: "" });
    expect(await registry.validateRule("docker-hub")).toMatchObject({
      state: "unreadable",
      reason: "service-error",
    });
  });
});

describe.each([
  ["listRules", "ecr:DescribePullThroughCacheRules", () => registry.listRules()],
  ["validateRule", "ecr:ValidatePullThroughCacheRule", () => registry.validateRule("docker-hub")],
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
