import {
  CreatePullThroughCacheRuleCommand,
  type CreatePullThroughCacheRuleCommandInput,
  DeletePullThroughCacheRuleCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRegistryCommand,
  DescribeRepositoryCreationTemplatesCommand,
  ECRClient,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  ListImagesCommand,
  paginateDescribePullThroughCacheRules,
  UpdatePullThroughCacheRuleCommand,
  ValidatePullThroughCacheRuleCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { secretArn } from "./arn.ts";
import { connectionTo } from "./connection.ts";
import { type Simulator, startSimulator } from "./server.ts";
import type { Region, Rule, Scanning, World } from "./world.ts";
import { account, registry, rule, secret, template, withoutUpstreamName, world } from "./world-builder.ts";

const ACCOUNT = "111122223333";
const REGION = "eu-west-1";
const DOCKER_SECRET = secretArn(
  { partition: "aws", accountId: ACCOUNT, region: REGION },
  "ecr-pullthroughcache/docker-hub",
);
const FOREIGN_ECR = "444455556666.dkr.ecr.eu-west-1.amazonaws.com";

function worldWith(region: Region, parts: Partial<World> = {}): World {
  return { ...world({ accounts: [account(ACCOUNT, { regions: { [REGION]: region } })] }), ...parts };
}

function clientFor(simulator: Simulator): ECRClient {
  return new ECRClient(connectionTo(simulator));
}

describe("DescribePullThroughCacheRules", () => {
  it("answers a rule with every field AWS has for it", async () => {
    const createdAt = "2026-02-03T10:15:00.000Z";
    await using simulator = await startSimulator(
      worldWith(registry([rule("docker-hub", "docker-hub", { createdAt })])),
    );
    const answer = await clientFor(simulator).send(new DescribePullThroughCacheRulesCommand({}));
    expect(answer.pullThroughCacheRules).toEqual([
      {
        ecrRepositoryPrefix: "docker-hub",
        upstreamRegistryUrl: "registry-1.docker.io",
        upstreamRegistry: "docker-hub",
        upstreamRepositoryPrefix: "ROOT",
        credentialArn: DOCKER_SECRET,
        registryId: ACCOUNT,
        createdAt: new Date(createdAt),
        updatedAt: new Date(createdAt),
      },
    ]);
  });

  it("leaves out the upstream's name of older rules", async () => {
    await using simulator = await startSimulator(
      worldWith(registry([withoutUpstreamName(rule("quay", "quay"))])),
    );
    const answer = await clientFor(simulator).send(new DescribePullThroughCacheRulesCommand({}));
    expect(answer.pullThroughCacheRules?.[0]).not.toHaveProperty("upstreamRegistry");
    expect(answer.pullThroughCacheRules?.[0]).not.toHaveProperty("upstreamRepositoryPrefix");
  });

  it("answers page after page, an empty one among them", async () => {
    const rules = ["aa", "bb", "cc", "dd", "ee"].map((prefix) => rule(prefix, "quay"));
    await using simulator = await startSimulator(
      worldWith(registry(rules), {
        faults: [
          {
            on: { operation: "DescribePullThroughCacheRules" },
            effect: { kind: "empty-page" },
            after: 1,
            times: 1,
          },
        ],
      }),
    );
    const pages: (string | undefined)[][] = [];
    const paginator = paginateDescribePullThroughCacheRules(
      { client: clientFor(simulator), pageSize: 2 },
      {},
    );
    for await (const { pullThroughCacheRules = [] } of paginator) {
      pages.push(pullThroughCacheRules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix));
    }
    expect(pages).toEqual([["aa", "bb"], [], ["cc", "dd"], ["ee"]]);
  });

  it("narrows to the prefixes asked for, and misses those that are not there", async () => {
    await using simulator = await startSimulator(
      worldWith(registry([rule("aa", "quay"), rule("bb", "quay")])),
    );
    const describeOnly = (...ecrRepositoryPrefixes: string[]) =>
      clientFor(simulator).send(new DescribePullThroughCacheRulesCommand({ ecrRepositoryPrefixes }));
    expect((await describeOnly("bb")).pullThroughCacheRules).toMatchObject([{ ecrRepositoryPrefix: "bb" }]);
    await expect(describeOnly("aa", "zz")).rejects.toMatchObject({
      name: "PullThroughCacheRuleNotFoundException",
    });
  });

  it.each([
    ["no result to a page", { maxResults: 0 }],
    ["too many results to a page", { maxResults: 1001 }],
    ["a token it did not hand out", { nextToken: "bm90IG91cnM" }],
    ["no prefix in the list", { ecrRepositoryPrefixes: [] }],
    ["a prefix in capitals", { ecrRepositoryPrefixes: ["Docker"] }],
    ["a registry id that is none", { registryId: "1234" }],
  ])("refuses %s", async (_what, input) => {
    await using simulator = await startSimulator(worldWith(registry()));
    await expect(
      clientFor(simulator).send(new DescribePullThroughCacheRulesCommand(input)),
    ).rejects.toMatchObject({
      name: "InvalidParameterException",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("refuses another account's registry", async () => {
    await using simulator = await startSimulator(worldWith(registry()));
    await expect(
      clientFor(simulator).send(new DescribePullThroughCacheRulesCommand({ registryId: "444455556666" })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("refuses a region that the account has disabled", async () => {
    await using simulator = await startSimulator(
      world({
        accounts: [
          account(ACCOUNT, { regions: { [REGION]: registry() }, regionStatus: { [REGION]: "DISABLED" } }),
        ],
      }),
    );
    await expect(
      clientFor(simulator).send(new DescribePullThroughCacheRulesCommand({})),
    ).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    });
  });

  it("refuses parameters that the operation does not have", async () => {
    await using simulator = await startSimulator(worldWith(registry()));
    const client = clientFor(simulator);
    // The SDK leaves out what it does not know, so the misspelt parameter is put in once the body is written.
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request ?? {}, { body: JSON.stringify({ maxResult: 10 }) });
        return next(args);
      },
      { step: "build", priority: "high" },
    );
    await expect(client.send(new DescribePullThroughCacheRulesCommand({}))).rejects.toMatchObject({
      name: "SerializationException",
      message: "Unknown parameter: maxResult",
    });
  });

  it("refuses operations that the simulator does not have", async () => {
    await using simulator = await startSimulator(worldWith(registry()));
    await expect(
      clientFor(simulator).send(new ListImagesCommand({ repositoryName: "app" })),
    ).rejects.toMatchObject({ name: "UnknownOperationException" });
  });
});

describe("ValidatePullThroughCacheRule", () => {
  function validate(simulator: Simulator, ecrRepositoryPrefix: string) {
    return clientFor(simulator).send(new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix }));
  }

  it("finds a rule with a good secret valid", async () => {
    await using simulator = await startSimulator(worldWith(registry([rule("docker-hub", "docker-hub")])));
    const { $metadata: _unused, ...answer } = await validate(simulator, "docker-hub");
    expect(answer).toEqual({
      ecrRepositoryPrefix: "docker-hub",
      registryId: ACCOUNT,
      upstreamRegistryUrl: "registry-1.docker.io",
      credentialArn: DOCKER_SECRET,
      upstreamRepositoryPrefix: "ROOT",
      isValid: true,
    });
  });

  it.each([
    ["is missing", { missingSecrets: ["ecr-pullthroughcache/docker-hub"] }, "could not be found"],
    [
      "is scheduled for deletion",
      { secrets: [secret("ecr-pullthroughcache/docker-hub", { deletedDate: "2026-11-20T00:00:00Z" })] },
      "scheduled for deletion",
    ],
    [
      "has a customer managed key",
      { secrets: [secret("ecr-pullthroughcache/docker-hub", { kmsKeyId: "alias/own" })] },
      "decrypted",
    ],
    [
      "has the wrong shape",
      { secrets: [secret("ecr-pullthroughcache/docker-hub", { login: "wrong-shape" as const })] },
      "accessToken",
    ],
    [
      "is a dead token",
      { secrets: [secret("ecr-pullthroughcache/docker-hub", { login: "rejected" as const })] },
      "unauthorized",
    ],
  ])("finds a rule invalid whose secret %s", async (_state, parts, failure) => {
    await using simulator = await startSimulator(
      worldWith(registry([rule("docker-hub", "docker-hub")], parts)),
    );
    expect(await validate(simulator, "docker-hub")).toMatchObject({
      isValid: false,
      failure: expect.stringContaining(failure),
    });
  });

  it("finds a rule invalid whose secret is another region's", async () => {
    const elsewhere = DOCKER_SECRET.replace(REGION, "us-east-1");
    await using simulator = await startSimulator(
      worldWith(registry([rule("docker-hub", "docker-hub", { credential: elsewhere })])),
    );
    expect(await validate(simulator, "docker-hub")).toMatchObject({
      isValid: false,
      credentialArn: elsewhere,
    });
  });

  it("answers a sequence one by one and stays with the last", async () => {
    const failure = "Connection to the upstream registry timed out.";
    const validation = { sequence: [{ isValid: false, failure }, { isValid: true }] } as const;
    await using simulator = await startSimulator(worldWith(registry([rule("quay", "quay", { validation })])));
    expect(await validate(simulator, "quay")).toMatchObject({ isValid: false, failure });
    expect(await validate(simulator, "quay")).toMatchObject({ isValid: true });
    expect(await validate(simulator, "quay")).toMatchObject({ isValid: true });
  });

  it("answers the error that a rule ordains", async () => {
    const validation = { error: { code: "ServerException", message: "Try again.", status: 500 } };
    await using simulator = await startSimulator(worldWith(registry([rule("quay", "quay", { validation })])));
    await expect(validate(simulator, "quay")).rejects.toMatchObject({
      name: "ServerException",
      $metadata: { httpStatusCode: 500 },
    });
  });

  it.each<[string, Rule, Partial<World["validation"]>]>([
    ["without credentials", rule("quay", "quay"), { credentialless: "ValidationException" }],
    [
      "from ECR to ECR",
      rule("base", "ecr", { upstreamRegistryUrl: FOREIGN_ECR }),
      { ecrToEcr: "InvalidParameterException" },
    ],
  ])("declines rules %s where the world says so", async (_which, declinedRule, habits) => {
    const validation = { credentialless: "valid", ecrToEcr: "valid", ...habits } as const;
    await using simulator = await startSimulator(worldWith(registry([declinedRule]), { validation }));
    await expect(validate(simulator, declinedRule.ecrRepositoryPrefix)).rejects.toMatchObject({
      name: Object.values(habits)[0],
    });
  });

  it("wants a role for another account's registry", async () => {
    await using simulator = await startSimulator(
      worldWith(
        registry([
          rule("bare", "ecr", { upstreamRegistryUrl: FOREIGN_ECR }),
          rule("roled", "ecr", { upstreamRegistryUrl: FOREIGN_ECR, role: "ecr-pull" }),
        ]),
      ),
    );
    expect(await validate(simulator, "bare")).toMatchObject({ isValid: false });
    expect(await validate(simulator, "roled")).toMatchObject({
      isValid: true,
      customRoleArn: `arn:aws:iam::${ACCOUNT}:role/ecr-pull`,
    });
  });

  it("misses a rule that is not there", async () => {
    await using simulator = await startSimulator(worldWith(registry()));
    await expect(validate(simulator, "quay")).rejects.toMatchObject({
      name: "PullThroughCacheRuleNotFoundException",
    });
  });
});

describe("CreatePullThroughCacheRule", () => {
  const quay = { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" };
  const docker = { ecrRepositoryPrefix: "docker-hub", upstreamRegistryUrl: "registry-1.docker.io" };

  function create(simulator: Simulator, input: CreatePullThroughCacheRuleCommandInput) {
    return clientFor(simulator).send(new CreatePullThroughCacheRuleCommand(input));
  }

  it("makes a rule that is there from then on", async () => {
    const now = new Date("2026-11-21T06:00:00Z");
    await using simulator = await startSimulator(
      worldWith(registry([], { secrets: [secret("ecr-pullthroughcache/docker-hub")] })),
      { clock: () => now },
    );
    const made = await create(simulator, {
      ...docker,
      upstreamRegistry: "docker-hub",
      credentialArn: DOCKER_SECRET,
    });
    expect(made).toMatchObject({ ...docker, createdAt: now, upstreamRepositoryPrefix: "ROOT" });
    expect(made).not.toHaveProperty("updatedAt");
    const { pullThroughCacheRules } = await clientFor(simulator).send(
      new DescribePullThroughCacheRulesCommand({}),
    );
    expect(pullThroughCacheRules).toMatchObject([
      { ...docker, credentialArn: DOCKER_SECRET, updatedAt: now },
    ]);
  });

  it.each<[string, string, CreatePullThroughCacheRuleCommandInput]>([
    [
      "a prefix that exists",
      "PullThroughCacheRuleAlreadyExistsException",
      { ...quay, ecrRepositoryPrefix: "taken" },
    ],
    ["a prefix of one letter", "InvalidParameterException", { ...quay, ecrRepositoryPrefix: "q" }],
    ["a prefix of 31 letters", "InvalidParameterException", { ...quay, ecrRepositoryPrefix: "q".repeat(31) }],
    ["a prefix in capitals", "InvalidParameterException", { ...quay, ecrRepositoryPrefix: "Quay" }],
    [
      "an unknown upstream",
      "UnsupportedUpstreamRegistryException",
      { ...quay, upstreamRegistryUrl: "example.com" },
    ],
    [
      "an upstream under another's name",
      "UnsupportedUpstreamRegistryException",
      { ...quay, upstreamRegistry: "docker-hub" },
    ],
    ["an upstream that needs a secret without one", "UnsupportedUpstreamRegistryException", docker],
    ["a secret that is needless", "InvalidParameterException", { ...quay, credentialArn: DOCKER_SECRET }],
    [
      "a secret outside ecr-pullthroughcache/",
      "InvalidParameterException",
      { ...docker, credentialArn: DOCKER_SECRET.replace("ecr-pullthroughcache/", "team-a/") },
    ],
    [
      "a secret that is not there",
      "SecretNotFoundException",
      { ...docker, credentialArn: `${DOCKER_SECRET.slice(0, -6)}nobody` },
    ],
    [
      "a secret under a customer managed key",
      "UnableToDecryptSecretValueException",
      { ...docker, credentialArn: secretArnOf("ecr-pullthroughcache/own-key") },
    ],
    [
      "a secret that is being deleted",
      "UnableToAccessSecretException",
      { ...docker, credentialArn: secretArnOf("ecr-pullthroughcache/leaving") },
    ],
    [
      "a role where none is used",
      "InvalidParameterException",
      { ...quay, customRoleArn: `arn:aws:iam::${ACCOUNT}:role/ecr-pull` },
    ],
    [
      "another account's role",
      "InvalidParameterException",
      {
        ecrRepositoryPrefix: "base",
        upstreamRegistryUrl: FOREIGN_ECR,
        customRoleArn: "arn:aws:iam::444455556666:role/ecr-pull",
      },
    ],
    [
      "an upstream prefix under ROOT",
      "InvalidParameterException",
      { ...quay, ecrRepositoryPrefix: "ROOT", upstreamRepositoryPrefix: "library" },
    ],
  ])("refuses %s", async (_what, name, input) => {
    await using simulator = await startSimulator(
      worldWith(
        registry([rule("taken", "quay")], {
          secrets: [
            secret("ecr-pullthroughcache/docker-hub"),
            secret("ecr-pullthroughcache/own-key", { kmsKeyId: "alias/own" }),
            secret("ecr-pullthroughcache/leaving", { deletedDate: "2026-11-20T00:00:00Z" }),
          ],
        }),
      ),
    );
    await expect(create(simulator, input)).rejects.toMatchObject({ name });
  });

  it("makes fifty rules and no more", async () => {
    const fortyNine = Array.from({ length: 49 }, (_nothing, index) => rule(`team-${index}`, "quay"));
    await using simulator = await startSimulator(worldWith(registry(fortyNine)));
    expect(await create(simulator, quay)).toMatchObject(quay);
    await expect(create(simulator, { ...quay, ecrRepositoryPrefix: "one-more" })).rejects.toMatchObject({
      name: "LimitExceededException",
    });
  });
});

describe("UpdatePullThroughCacheRule", () => {
  it("changes a rule's secret and nothing else", async () => {
    const now = new Date("2026-11-21T06:00:00Z");
    await using simulator = await startSimulator(
      worldWith(
        registry([rule("docker-hub", "docker-hub", { credential: "ecr-pullthroughcache/old" })], {
          secrets: [secret("ecr-pullthroughcache/docker-hub")],
        }),
      ),
      { clock: () => now },
    );
    const client = clientFor(simulator);
    const answer = await client.send(
      new UpdatePullThroughCacheRuleCommand({
        ecrRepositoryPrefix: "docker-hub",
        credentialArn: DOCKER_SECRET,
      }),
    );
    expect(answer).toMatchObject({ credentialArn: DOCKER_SECRET, updatedAt: now });
    const { pullThroughCacheRules } = await client.send(new DescribePullThroughCacheRulesCommand({}));
    expect(pullThroughCacheRules).toMatchObject([
      { credentialArn: DOCKER_SECRET, upstreamRegistryUrl: "registry-1.docker.io", updatedAt: now },
    ]);
  });

  it.each([
    ["a rule that is not there", "PullThroughCacheRuleNotFoundException", "zz", DOCKER_SECRET],
    ["nothing to change", "InvalidParameterException", "docker-hub", undefined],
    [
      "a secret that is not there",
      "SecretNotFoundException",
      "docker-hub",
      secretArnOf("ecr-pullthroughcache/gone"),
    ],
  ])("refuses %s", async (_what, name, ecrRepositoryPrefix, credentialArn) => {
    await using simulator = await startSimulator(worldWith(registry([rule("docker-hub", "docker-hub")])));
    await expect(
      clientFor(simulator).send(
        new UpdatePullThroughCacheRuleCommand({ ecrRepositoryPrefix, credentialArn }),
      ),
    ).rejects.toMatchObject({ name });
  });
});

describe("DeletePullThroughCacheRule", () => {
  it("takes a rule away, once", async () => {
    await using simulator = await startSimulator(
      worldWith(registry([rule("aa", "quay"), rule("bb", "quay")])),
    );
    const client = clientFor(simulator);
    const deletion = new DeletePullThroughCacheRuleCommand({ ecrRepositoryPrefix: "aa" });
    expect(await client.send(deletion)).toMatchObject({
      ecrRepositoryPrefix: "aa",
      upstreamRegistryUrl: "quay.io",
    });
    const { pullThroughCacheRules } = await client.send(new DescribePullThroughCacheRulesCommand({}));
    expect(pullThroughCacheRules).toMatchObject([{ ecrRepositoryPrefix: "bb" }]);
    await expect(client.send(deletion)).rejects.toMatchObject({
      name: "PullThroughCacheRuleNotFoundException",
    });
  });
});

describe("a registry's settings", () => {
  it("describes templates page by page and by prefix", async () => {
    const templates = [
      template("ROOT"),
      template("quay", { appliedFor: ["REPLICATION"], resourceTags: { team: "a" } }),
    ];
    await using simulator = await startSimulator(worldWith(registry([], { templates })));
    const client = clientFor(simulator);
    const describeTemplates = (input = {}) =>
      client.send(new DescribeRepositoryCreationTemplatesCommand(input));
    const first = await describeTemplates({ maxResults: 1 });
    const second = await describeTemplates({ maxResults: 1, nextToken: first.nextToken });
    expect(first.repositoryCreationTemplates).toMatchObject([
      {
        prefix: "ROOT",
        appliedFor: ["PULL_THROUGH_CACHE"],
        encryptionConfiguration: { encryptionType: "KMS" },
      },
    ]);
    expect(second.repositoryCreationTemplates).toMatchObject([
      { prefix: "quay", resourceTags: [{ Key: "team", Value: "a" }] },
    ]);
    expect(second.nextToken).toBeUndefined();
    expect((await describeTemplates({ prefixes: ["quay", "zz"] })).repositoryCreationTemplates).toHaveLength(
      1,
    );
    await expect(describeTemplates({ nextToken: "bm90IG91cnM" })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  it("answers a registry policy, or that there is none", async () => {
    await using simulator = await startSimulator(
      worldWith(registry([], { registryPolicy: '{"Statement":[]}' })),
    );
    const getPolicy = () => clientFor(simulator).send(new GetRegistryPolicyCommand({}));
    expect(await getPolicy()).toMatchObject({ registryId: ACCOUNT, policyText: '{"Statement":[]}' });
    delete simulator.world.accounts[ACCOUNT]?.regions[REGION]?.registryPolicy;
    await expect(getPolicy()).rejects.toMatchObject({ name: "RegistryPolicyNotFoundException" });
  });

  it("answers the scanning configuration and the registry's own id", async () => {
    const scanning: Scanning = {
      scanType: "ENHANCED",
      rules: [{ scanFrequency: "SCAN_ON_PUSH", filters: ["quay/*"] }],
    };
    await using simulator = await startSimulator(worldWith(registry([], { scanning })));
    const client = clientFor(simulator);
    expect(await client.send(new GetRegistryScanningConfigurationCommand({}))).toMatchObject({
      scanningConfiguration: {
        scanType: "ENHANCED",
        rules: [
          {
            scanFrequency: "SCAN_ON_PUSH",
            repositoryFilters: [{ filter: "quay/*", filterType: "WILDCARD" }],
          },
        ],
      },
    });
    expect(await client.send(new DescribeRegistryCommand({}))).toMatchObject({ registryId: ACCOUNT });
  });
});

function secretArnOf(name: string): string {
  return secretArn({ partition: "aws", accountId: ACCOUNT, region: REGION }, name);
}
