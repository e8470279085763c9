import { setImmediate as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type CollectOptions, collect } from "../../../src/audit/collect/collect.ts";
import { gapsOf } from "../../../src/audit/collect/coverage.ts";
import type { RegistryReader } from "../../../src/audit/ports.ts";
import type { PullThroughCacheRule } from "../../../src/ecr/rule.ts";
import { absent, type Evidence, present, unreadable } from "../../../src/facts/evidence.ts";
import type { FactName } from "../../../src/facts/index.ts";
import type { SecretDescription } from "../../../src/facts/secrets.ts";
import { nothingCollected, snapshotSchema } from "../../../src/facts/snapshot.ts";
import {
  aCachedRepository,
  aClock,
  aCreationTemplate,
  aReader,
  aRegistryPolicy,
  aRule,
  aScanning,
  aSecret,
  aTarget,
  describedOf,
} from "../../support/builders.ts";
import { gauge } from "../gauge.ts";

const everyRepository = {
  exclude: [],
  maxRepositories: 40,
  lastPart: null,
  day: 0,
  formerPrefixes: [],
  pullsWithinDays: 90,
};
const options: CollectOptions = {
  clock: aClock(),
  confirmAfterMs: 5_000,
  callsPerRegistry: 4,
  inScope: () => true,
  repositories: everyRepository,
};
const everyFact: readonly FactName[] = [
  "creationTemplates",
  "scanning",
  "registryPolicy",
  "secrets",
  "secretVersions",
  "cachedRepositories",
  "cachedLifecyclePolicies",
  "cachedRepositoryPolicies",
  "repositoryPulls",
  "repositorySizes",
];
const arn = aRule().credentialArn ?? "";

/** A reader of `rules` that records its calls, except validations. */
function anAskedReader(
  rules: readonly Partial<PullThroughCacheRule>[] = [{}],
  overrides: Partial<RegistryReader> = {},
) {
  const asked: string[] = [];
  const reader = aReader({ listRules: async () => present(rules.map(aRule)), ...overrides });
  const noting = <Result>(name: string, read: () => Result): Result => {
    asked.push(name);
    return read();
  };
  return {
    asked,
    reader: {
      listRules: () => noting("rules", reader.listRules),
      validateRule: reader.validateRule,
      listCreationTemplates: () => noting("creationTemplates", reader.listCreationTemplates),
      describeScanning: () => noting("scanning", reader.describeScanning),
      readRegistryPolicy: () => noting("registryPolicy", reader.readRegistryPolicy),
      readSecretVersion: (of: string) => noting(`version ${of}`, () => reader.readSecretVersion(of)),
      listRepositories: (isWanted: (name: string) => boolean) =>
        noting("repositories", () => reader.listRepositories(isWanted)),
      readLifecyclePolicy: (of: string) => noting(`lifecycle ${of}`, () => reader.readLifecyclePolicy(of)),
      readRepositoryPolicy: (of: string) => noting(`access ${of}`, () => reader.readRepositoryPolicy(of)),
      countPulls: (names: readonly string[], time: { since: Date; until: Date }) =>
        noting(`pulls ${names}`, () => reader.countPulls(names, time)),
      measureRepository: (of: string) => noting(`size ${of}`, () => reader.measureRepository(of)),
      describeSecret: (of: string) => noting(`secret ${of}`, () => reader.describeSecret(of)),
    } satisfies RegistryReader,
  };
}

function collectFrom(
  reader: RegistryReader,
  facts: readonly FactName[] = everyFact,
  changes: Partial<CollectOptions> = {},
) {
  return collect(aTarget(), new Set(facts), reader, { ...options, ...changes });
}

describe("the facts beyond the rules", () => {
  it("are kept as they were read", async () => {
    const snapshot = await collectFrom(aReader());
    expect(snapshot).toMatchObject({
      creationTemplates: present([aCreationTemplate()]),
      scanning: present(aScanning()),
      registryPolicy: present(aRegistryPolicy()),
      secrets: { [arn]: present(aSecret()) },
      secretVersions: { [arn]: present({ currentSince: aSecret().lastChangedAt }) },
    });
    expect(snapshotSchema.parse(snapshot)).toEqual(snapshot);
  });

  it.each([
    { fact: "creationTemplates", calls: ["creationTemplates"] },
    { fact: "scanning", calls: ["scanning"] },
    { fact: "registryPolicy", calls: ["registryPolicy"] },
    { fact: "secrets", calls: [`secret ${arn}`] },
    { fact: "secretVersions", calls: [`version ${arn}`] },
  ] as const)("are each read only where it is asked for: $fact", async ({ fact, calls }) => {
    const { reader, asked } = anAskedReader();
    const snapshot = await collectFrom(reader, [fact]);
    expect(asked).toEqual(["rules", ...calls]);
    const { [fact]: _, ...others } = nothingCollected;
    expect(snapshot).toMatchObject(others);
    expect(snapshot[fact]).not.toEqual(nothingCollected[fact]);
  });

  it.each([
    { what: "there are no rules", rules: present([]) },
    { what: "AWS says that there are none", rules: absent },
    {
      what: "the rules could not be listed",
      rules: unreadable("access-denied", "ecr:DescribePullThroughCacheRules", "no"),
    },
  ])("are not read where $what: that costs one call", async ({ rules }) => {
    const { reader, asked } = anAskedReader([], { listRules: async () => rules });
    expect(await collectFrom(reader)).toMatchObject({ rules, ...nothingCollected });
    expect(asked).toEqual(["rules"]);
  });

  it("are not read where no rule is in scope", async () => {
    const { reader, asked } = anAskedReader();
    await collectFrom(reader, everyFact, { inScope: () => false });
    expect(asked).toEqual(["rules"]);
  });

  it("may fail one by one, which is evidence and does not affect the others", async () => {
    const denied = unreadable("access-denied", "ecr:GetRegistryScanningConfiguration", "no");
    const reader = aReader({ describeScanning: async () => denied, readRegistryPolicy: async () => absent });
    expect(await collectFrom(reader)).toMatchObject({
      creationTemplates: { state: "present" },
      scanning: denied,
      registryPolicy: absent,
      secrets: { [arn]: { state: "present" } },
    });
  });

  it.each([1, 2])("are asked for with at most %i calls under way", async (callsPerRegistry) => {
    const { measure, most } = gauge(async (_arn: string) => pause(present(aSecret())));
    const rules = Array.from({ length: 6 }, (_, index) => ({
      ecrRepositoryPrefix: `prefix-${index}`,
      credentialArn: `${arn}-${index}`,
    }));
    const { reader } = anAskedReader(rules, { describeSecret: measure });
    await collectFrom(reader, ["secrets"], { callsPerRegistry });
    expect(most()).toBe(callsPerRegistry);
  });
});

describe("the secrets", () => {
  const other = arn.replace("docker-hub", "quay");

  async function describedFor(rules: readonly Partial<PullThroughCacheRule>[]) {
    const { reader, asked } = anAskedReader(rules);
    const { secrets } = await collectFrom(reader, ["secrets"]);
    expect(asked.filter((call) => call !== "rules")).toEqual(
      Object.keys(secrets).map((key) => `secret ${key}`),
    );
    return Object.keys(secrets);
  }

  it("are those that the rules name, each once", async () => {
    const rules = [
      { ecrRepositoryPrefix: "a" },
      { ecrRepositoryPrefix: "b" },
      { ecrRepositoryPrefix: "c", credentialArn: other },
      { ecrRepositoryPrefix: "d", credentialArn: null },
    ];
    expect(await describedFor(rules)).toEqual([arn, other]);
  });

  it.each([
    { where: "another account", credentialArn: arn.replace("111122223333", "444455556666") },
    { where: "another region", credentialArn: arn.replace("eu-west-1", "us-east-1") },
    { where: "no place that an ARN could name", credentialArn: "my-secret" },
  ])("in $where are not asked for", async ({ credentialArn }) => {
    expect(await describedFor([{ credentialArn }])).toEqual([]);
  });

  it("of rules that the audit is not about are not asked for", async () => {
    const rules = [{ ecrRepositoryPrefix: "a" }, { ecrRepositoryPrefix: "b", credentialArn: other }];
    const { reader, asked } = anAskedReader(rules);
    await collectFrom(reader, ["secrets"], { inScope: (prefix) => prefix === "b" });
    expect(asked).toEqual(["rules", `secret ${other}`]);
  });

  it.each<{ what: string; evidence: Evidence<SecretDescription> }>([
    { what: "is not there", evidence: absent },
    { what: "is denied", evidence: unreadable("access-denied", "secretsmanager:DescribeSecret", "no") },
  ])("have evidence of one that $what", async ({ evidence }) => {
    const { secrets } = await collectFrom(aReader({ describeSecret: async () => evidence }));
    expect(secrets).toEqual({ [arn]: evidence });
  });
});

describe("the policies of repositories", () => {
  const names = Array.from({ length: 40 }, (_, index) => `docker-hub/${index + 10}`);
  const denied = unreadable("access-denied", "ecr:GetLifecyclePolicy", "no");
  const described = names.map((name) => describedOf(aCachedRepository({ name })));

  /** Reads the policies, of which those of `refused` cannot be read. */
  async function readWithout(refused: readonly string[]) {
    const asked: string[] = [];
    const reader = aReader({
      listRepositories: async () => present(described),
      readLifecyclePolicy: async (name) => {
        asked.push(name);
        return refused.includes(name) ? denied : present(null);
      },
    });
    const snapshot = await collectFrom(reader, ["cachedRepositories", "cachedLifecyclePolicies"], {
      callsPerRegistry: 1,
    });
    const { cachedLifecyclePolicies: policies } = snapshotSchema.parse(snapshot);
    if (policies.state !== "present") throw new Error("the policies were read one by one");
    return { asked, policies: policies.value, snapshot };
  }

  it("that cannot be read are evidence about their repositories alone", async () => {
    const refused = names.filter((_, index) => index % 2 === 0);
    const { asked, policies, snapshot } = await readWithout(refused);
    expect(asked).toEqual(names);
    expect(policies.unread).toEqual([{ ...denied, repositories: refused }]);
    expect(Object.keys(policies.of)).toEqual(names.filter((name) => !refused.includes(name)));
    expect(gapsOf(snapshot)).toMatchObject([{ reason: "access-denied", prefixes: ["docker-hub"] }]);
  });

  it("are asked for until five in a row cannot be read, and the rest is unread for the same reason", async () => {
    const { asked, policies } = await readWithout(names.slice(3));
    expect(asked).toEqual(names.slice(0, 8));
    expect(policies.unread).toEqual([{ ...denied, repositories: names.slice(3) }]);
    expect(Object.keys(policies.of)).toEqual(names.slice(0, 3));
  });
});

describe("the part of a registry's repositories that an audit reads", () => {
  const names = ["a", "b", "c", "d", "e"].map((name) => `docker-hub/${name}`);

  async function partRead(request: Partial<NonNullable<CollectOptions["repositories"]>>) {
    const described = names.map((name) => describedOf(aCachedRepository({ name })));
    const reader = aReader({ listRepositories: async () => present(described) });
    const { cachedRepositories } = await collectFrom(reader, ["cachedRepositories"], {
      repositories: { ...everyRepository, maxRepositories: 2, ...request },
    });
    if (cachedRepositories.state !== "present") throw new Error("the repositories were read");
    const { lookedAt, part } = cachedRepositories.value;
    return { part, lookedAt: lookedAt.map(({ name }) => name.at(-1)).join("") };
  }

  it.each([
    { day: 0, lookedAt: "ab", part: { from: null, to: "docker-hub/c" } },
    { day: 1, lookedAt: "cd", part: { from: "docker-hub/c", to: "docker-hub/e" } },
    { day: 2, lookedAt: "e", part: { from: "docker-hub/e", to: null } },
    { day: 3, lookedAt: "ab", part: { from: null, to: "docker-hub/c" } },
  ])("depends on the day if nobody knows which was read last ($day)", async ({ day, ...expected }) => {
    expect(await partRead({ day })).toEqual(expected);
  });

  it.each([
    { title: "the first part", to: "docker-hub/c", lookedAt: "cd", part: ["docker-hub/c", "docker-hub/e"] },
    { title: "the last part", to: null, lookedAt: "ab", part: [null, "docker-hub/c"] },
    {
      title: "one of another size",
      to: "docker-hub/b",
      lookedAt: "bc",
      part: ["docker-hub/b", "docker-hub/d"],
    },
    {
      title: "one whose next was deleted",
      to: "docker-hub/bb",
      lookedAt: "cd",
      part: ["docker-hub/bb", "docker-hub/e"],
    },
    {
      title: "one after which all were deleted",
      to: "docker-hub/f",
      lookedAt: "ab",
      part: [null, "docker-hub/c"],
    },
  ])("is the one after $title, on any day", async ({ to, lookedAt, part: [from, end] }) => {
    for (const day of [0, 1, 2]) {
      const read = await partRead({ lastPart: { from: null, to }, day });
      expect(read).toEqual({ lookedAt, part: { from, to: end } });
    }
  });
});
