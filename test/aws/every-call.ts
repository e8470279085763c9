import { onTestFinished } from "vitest";
import { openAccess, openHub } from "../../src/aws/access.ts";
import { type ClientDefaults, clientDefaults } from "../../src/aws/http.ts";
import { registryWriters } from "../../src/aws/registry-writer.ts";
import { s3FleetStorage } from "../../src/aws/s3/fleet-storage.ts";
import { readPolicyObject } from "../../src/aws/s3/policy-object.ts";
import { s3Store } from "../../src/aws/s3/store.ts";
import { readSecretValue } from "../../src/aws/secret-value.ts";
import { connect } from "../../src/aws/sources.ts";
import { systemClock } from "../../src/local/clock.ts";
import { eventBridgeNotifier } from "../../src/notifiers/eventbridge/eventbridge.ts";
import { securityHubNotifier } from "../../src/notifiers/security-hub/security-hub.ts";
import { snsNotifier } from "../../src/notifiers/sns/sns.ts";
import { secretArn } from "../simulator/arn.ts";
import type { Fault } from "../simulator/faults.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import {
  account,
  registry,
  repositoriesMadeBy,
  rule,
  secret,
  template,
  world,
} from "../simulator/world-builder.ts";
import { aTarget } from "../support/builders.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { unhurried } from "../support/unhurried.ts";

const hub = { account: "111122223333", region: "eu-west-1" };
const member = "444455556666";
const role = { name: "pull-through-auditor", externalId: null };
const pacing = { concurrency: 4, patienceMs: 1_000, clock: systemClock, random: () => 0 };
const hubSecret = "ecr-pullthroughcache/docker-hub";

/** What one call is made by, and what of its answer must be there. */
export type Call = {
  readonly make: (defaults: ClientDefaults) => Promise<unknown>;
  /** By their paths in the simulator's answer; each is left out once. */
  readonly members: readonly string[];
  /** Values that a member must not have, by its path. */
  readonly wrong?: Readonly<Record<string, readonly unknown[]>>;
};

const report = aReport({ findings: [aFinding()], finishedAt: "2026-11-20T02:03:12.000Z" });
const lists = [{}, "none", false] as const;
const texts = [1, false, {}, ""] as const;

async function registryAt(defaults: ClientDefaults, where = hub) {
  const sources = await connect(defaults, role, pacing);
  return sources.openRegistry(aTarget(where));
}

async function deskAt(defaults: ClientDefaults) {
  return (await registryWriters(defaults, role, systemClock.now))(hub);
}

async function every<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const plannedRule = {
  ecrRepositoryPrefix: "quay",
  upstreamRegistryUrl: "quay.io",
  upstreamRepositoryPrefix: "ROOT",
  credentialArn: null,
  customRoleArn: null,
};
const bareSecretArn = secretArn({ partition: "aws", accountId: hub.account, region: hub.region }, hubSecret);

/** Every call of AWS that the product makes, by the name that its operation has in `src/aws`. */
export const everyCall: Readonly<Record<string, Call>> = {
  "sts:GetCallerIdentity": {
    make: (defaults) => openAccess(openHub(defaults, pacing), role, systemClock.now),
    members: ["Account"],
  },
  "sts:AssumeRole": {
    make: async (defaults) => (await registryAt(defaults, { ...hub, account: member })).listRules(),
    members: [
      "Credentials",
      "Credentials.AccessKeyId",
      "Credentials.SecretAccessKey",
      "Credentials.SessionToken",
      "Credentials.Expiration",
    ],
  },
  "organizations:ListAccounts": {
    make: async (defaults) => every((await connect(defaults, role, pacing)).listAccounts()),
    members: ["Accounts", "Accounts.Id"],
    wrong: { Accounts: [...lists, []], "Accounts.Id": texts, "Accounts.Name": [1], NextToken: [1] },
  },
  "account:ListRegions": {
    make: async (defaults) => (await connect(defaults, role, pacing)).listEnabledRegions(hub.account),
    members: ["Regions", "Regions.RegionName"],
    wrong: { Regions: [...lists, []], "Regions.RegionName": texts },
  },
  "ecr:DescribePullThroughCacheRules": {
    make: async (defaults) => (await registryAt(defaults)).listRules(),
    members: [
      "pullThroughCacheRules",
      "pullThroughCacheRules.ecrRepositoryPrefix",
      "pullThroughCacheRules.upstreamRegistryUrl",
    ],
    wrong: {
      pullThroughCacheRules: lists,
      "pullThroughCacheRules.ecrRepositoryPrefix": texts,
      "pullThroughCacheRules.credentialArn": [1, {}],
      nextToken: [1],
    },
  },
  "ecr:ValidatePullThroughCacheRule": {
    make: async (defaults) => (await registryAt(defaults)).validateRule("docker-hub"),
    members: ["isValid"],
    wrong: { isValid: ["true", "false", 1, 0, {}, []] },
  },
  "ecr:DescribeRepositoryCreationTemplates": {
    make: async (defaults) => (await registryAt(defaults)).listCreationTemplates(),
    members: [
      "repositoryCreationTemplates",
      "repositoryCreationTemplates.prefix",
      "repositoryCreationTemplates.appliedFor",
    ],
    wrong: { repositoryCreationTemplates: lists, "repositoryCreationTemplates.prefix": texts },
  },
  "ecr:GetRegistryScanningConfiguration": {
    make: async (defaults) => (await registryAt(defaults)).describeScanning(),
    members: [
      "scanningConfiguration",
      "scanningConfiguration.scanType",
      "scanningConfiguration.rules",
      "scanningConfiguration.rules.scanFrequency",
      "scanningConfiguration.rules.repositoryFilters",
    ],
    wrong: { "scanningConfiguration.rules": lists },
  },
  "ecr:GetRegistryPolicy": {
    make: async (defaults) => (await registryAt(defaults)).readRegistryPolicy(),
    members: ["policyText"],
    wrong: { policyText: [...texts, "x".repeat(10_241)] },
  },
  "ecr:DescribeRepositories": {
    make: async (defaults) => (await registryAt(defaults)).listRepositories(() => true),
    members: ["repositories", "repositories.repositoryName"],
    wrong: { repositories: lists, "repositories.repositoryName": texts, nextToken: [1] },
  },
  "ecr:GetLifecyclePolicy": {
    make: async (defaults) => (await registryAt(defaults)).readLifecyclePolicy("docker-hub/nginx"),
    members: ["lifecyclePolicyText"],
    wrong: { lifecyclePolicyText: [...texts, "x".repeat(30_721)] },
  },
  "ecr:GetRepositoryPolicy": {
    make: async (defaults) => (await registryAt(defaults)).readRepositoryPolicy("docker-hub/nginx"),
    members: ["policyText"],
    wrong: { policyText: [...texts, "x".repeat(10_241)] },
  },
  "ecr:DescribeImages": {
    make: async (defaults) => (await registryAt(defaults)).measureRepository("docker-hub/nginx"),
    members: ["imageDetails", "imageDetails.imageDigest"],
    wrong: {
      imageDetails: lists,
      "imageDetails.imageDigest": texts,
      "imageDetails.imageSizeInBytes": [-1, "large"],
      nextToken: [1],
    },
  },
  "cloudwatch:GetMetricData": {
    make: async (defaults) =>
      (await registryAt(defaults)).countPulls(["docker-hub/nginx"], {
        since: new Date("2026-08-01T00:00:00.000Z"),
        until: new Date("2026-11-01T00:00:00.000Z"),
      }),
    members: ["MetricDataResults", "MetricDataResults.Id", "MetricDataResults.Values"],
    wrong: {
      MetricDataResults: lists,
      "MetricDataResults.Id": texts,
      "MetricDataResults.Values": [...lists, [-1]],
    },
  },
  "secretsmanager:DescribeSecret": {
    make: async (defaults) => (await registryAt(defaults)).describeSecret(bareSecretArn),
    members: ["Name", "ARN"],
    wrong: { Name: texts, KmsKeyId: [1], Tags: lists },
  },
  "secretsmanager:ListSecretVersionIds": {
    make: async (defaults) => (await registryAt(defaults)).readSecretVersion(bareSecretArn),
    members: ["Versions", "Versions.VersionId"],
    wrong: { Versions: lists, "Versions.VersionId": texts, "Versions.VersionStages": lists },
  },
  "cloudtrail:LookupEvents": {
    make: async (defaults) => {
      const sources = await connect(defaults, role, pacing);
      const until = new Date();
      const since = new Date(until.getTime() - 3_600_000);
      return sources.openTrail(hub)({ eventName: "PutRegistryPolicy", since, until, token: null });
    },
    members: ["Events"],
    wrong: { Events: lists, NextToken: [1] },
  },
  "secretsmanager:GetSecretValue": {
    make: (defaults) => readSecretValue("slack", defaults),
    members: ["SecretString"],
    wrong: { SecretString: [1, {}] },
  },
  "sns:GetTopicAttributes": {
    make: async (defaults) => {
      const topicArn = `arn:aws:sns:${hub.region}:${hub.account}:people`;
      const answer = await snsNotifier(topicArn, defaults).listeners?.(unhurried.signal);
      // A topic that gives no usable answer counts as heard, and the report says why.
      if (answer?.heard !== "confirmed") throw new Error(answer?.note ?? "nobody");
      return answer;
    },
    members: ["Attributes"],
  },
  "sns:Publish": {
    make: (defaults) =>
      snsNotifier(`arn:aws:sns:${hub.region}:${hub.account}:people`, defaults).deliver(
        report,
        null,
        unhurried,
      ),
    members: ["MessageId"],
  },
  "events:DescribeEventBus": {
    // The bus check is only a precaution: accepted events count as delivered, and a missing answer does not matter.
    make: (defaults) =>
      eventBridgeNotifier("default", defaults, systemClock).deliver(report, null, unhurried),
    members: [],
  },
  "events:PutEvents": {
    make: (defaults) =>
      eventBridgeNotifier("default", defaults, systemClock).deliver(report, null, unhurried),
    members: ["FailedEntryCount", "Entries", "Entries.EventId"],
    wrong: {
      Entries: [...lists, [], [{ EventId: "1" }]],
      "Entries.EventId": ["", 1],
      FailedEntryCount: ["0", -1],
    },
  },
  "securityhub:BatchImportFindings": {
    make: (defaults) => securityHubNotifier(hub, defaults, systemClock).deliver(report, null, unhurried),
    members: ["FailedCount", "SuccessCount"],
    wrong: { SuccessCount: [0, "1"], FailedCount: [1, "0", -1], FailedFindings: ["none"] },
  },
  "s3:GetObject": {
    make: (defaults) => readPolicyObject("s3://audits/policy.json", defaults),
    members: ["headers.etag"],
  },
  "s3:PutObject": {
    make: (defaults) => s3Store("s3://audits/nightly", defaults).keepReport(report, []),
    members: ["headers.etag"],
  },
  "s3:ListObjectsV2": {
    make: (defaults) => every(s3FleetStorage("s3://audits", defaults).list("work")),
    members: ["body.content.KeyCount", "body.content.IsTruncated", "body.content.Contents"],
    wrong: { "body.content.IsTruncated": [true], "body.content.KeyCount": [0, 7] },
  },
  "ecr:CreatePullThroughCacheRule": {
    make: async (defaults) => (await deskAt(defaults)).createRule(plannedRule),
    members: ["ecrRepositoryPrefix"],
    wrong: { ecrRepositoryPrefix: ["another"] },
  },
  "ecr:UpdatePullThroughCacheRule": {
    make: async (defaults) =>
      (await deskAt(defaults)).updateRule("docker-hub", {
        credentialArn: bareSecretArn,
        customRoleArn: null,
      }),
    members: ["ecrRepositoryPrefix"],
    wrong: { ecrRepositoryPrefix: ["another"] },
  },
  "ecr:DeletePullThroughCacheRule": {
    make: async (defaults) => (await deskAt(defaults)).deleteRule("docker-hub"),
    members: ["ecrRepositoryPrefix"],
    wrong: { ecrRepositoryPrefix: ["another"] },
  },
};

/** A simulated organization in which each call returns data, until the test ends. */
export async function organizationWith(faults: readonly Fault[]): Promise<Simulator> {
  const own = registry([rule("docker-hub", "docker-hub")], {
    templates: [template("ROOT")],
    repositories: repositoriesMadeBy(template("ROOT", { repositoryPolicy: "{}" }), ["docker-hub/nginx"], {
      images: [{ sizeInBytes: 40_000_000, manifestMediaType: "application/vnd.oci.image.manifest.v1+json" }],
    }),
    registryPolicy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
    scanning: { scanType: "BASIC", rules: [{ scanFrequency: "SCAN_ON_PUSH", filters: ["*"] }] },
    secrets: [secret(hubSecret), secret("slack", { value: "https://hooks.slack.com/services/T/B/x" })],
    topics: [{ name: "people", publishers: [] }],
    buckets: ["audits"],
    securityHub: true,
  });
  const simulator = await startSimulator(
    world({
      accounts: [
        account(hub.account, { regions: { [hub.region]: own } }),
        account(member, { regions: { [hub.region]: registry([rule("quay", "quay")]) } }),
      ],
      hub: { region: hub.region },
    }),
  );
  onTestFinished(() => simulator.close());
  const defaults = defaultsFor(simulator);
  const storage = s3FleetStorage("s3://audits", defaults);
  await storage.write("policy.json", "{}", "application/json");
  await storage.write("work/1.json", "{}", "application/json");
  simulator.world.faults.push(...faults);
  return simulator;
}

/** What makes the product's clients arrive at a simulator, whatever else arrives elsewhere at the same time. */
export function defaultsFor({ url, world: { hub: at }, credentialsOf }: Simulator): ClientDefaults {
  const access = { endpoint: url, region: at.region, credentials: credentialsOf(at.accountId) };
  return { ...clientDefaults(4, 5_000), ...access };
}
