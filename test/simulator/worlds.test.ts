import {
  ECRClient,
  paginateDescribePullThroughCacheRules,
  ValidatePullThroughCacheRuleCommand,
} from "@aws-sdk/client-ecr";
import { OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { startSimulator } from "./server.ts";
import { UPSTREAMS } from "./upstreams.ts";
import type { Rule, World } from "./world.ts";
import { DEMO_ACCOUNTS } from "./worlds/demo/index.ts";
import { HOSTILE_TEXTS } from "./worlds/hostile.ts";
import { worlds } from "./worlds/index.ts";
import { scaleWorld } from "./worlds/scale.ts";

const NOW = new Date("2026-11-21T06:00:00Z");

function rulesOf(world: World): Rule[] {
  return Object.values(world.accounts).flatMap(({ regions }) =>
    Object.values(regions).flatMap(({ rules }) => rules),
  );
}

describe("every named world", () => {
  it.each(Object.entries(worlds))("%s can be, and is the same each time", async (_name, make) => {
    await using simulator = await startSimulator(make(NOW));
    expect(simulator.world.accounts[simulator.world.hub.accountId]?.state).toBe("ACTIVE");
    expect(make(NOW)).toEqual(make(NOW));
  });
});

describe("the demo world", () => {
  it("has twelve accounts, three regions, and some sixty rules over all upstreams", () => {
    const demo = worlds.demo(NOW);
    const upstreams = new Set(rulesOf(demo).map(({ upstreamRegistry }) => upstreamRegistry));
    expect(Object.keys(demo.accounts)).toHaveLength(12);
    expect(demo.regions).toHaveLength(3);
    expect(rulesOf(demo).length).toBeGreaterThanOrEqual(60);
    expect([...upstreams]).toEqual(expect.arrayContaining(Object.keys(UPSTREAMS)));
  });

  it("holds back the answers that its troubles are about", async () => {
    await using simulator = await startSimulator(worlds.demo(NOW));
    const validate = (accountId: string, region: string, ecrRepositoryPrefix: string) =>
      new ECRClient(connectionTo(simulator, { accountId, region })).send(
        new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix }),
      );
    const { paymentsProd, dataLakeProd, logisticsProd, sandbox } = DEMO_ACCOUNTS;
    expect((await validate(paymentsProd, "us-east-1", "docker-hub")).failure).toContain("unauthorized");
    expect((await validate(paymentsProd, "us-east-1", "github")).failure).toContain("scheduled for deletion");
    await expect(validate(dataLakeProd, "us-east-1", "quay")).rejects.toThrow("no identity-based policy");
    await expect(validate(logisticsProd, "ap-southeast-2", "quay")).rejects.toThrow("service control policy");
    await expect(validate(sandbox, "us-east-1", "ghcr")).rejects.toThrow("Rate exceeded");
  });
});

describe("the hostile world", () => {
  it("carries its texts over the wire unharmed", async () => {
    await using simulator = await startSimulator(worlds.hostile(NOW));
    const connection = connectionTo(simulator);
    const { failure } = await new ECRClient(connection).send(
      new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: "hub-lonesurrogate" }),
    );
    const { Description } = await new SecretsManagerClient(connection).send(
      new DescribeSecretCommand({ SecretId: "ecr-pullthroughcache/terminal" }),
    );
    expect(failure).toBe(HOSTILE_TEXTS.loneSurrogate);
    expect(Description).toBe(HOSTILE_TEXTS.terminal);
    expect(HOSTILE_TEXTS.huge.length).toBeGreaterThan(100_000);
  });
});

describe("a world of scale", () => {
  it("has as many accounts, regions and rules as were asked for", async () => {
    await using simulator = await startSimulator(
      scaleWorld({ accounts: 45, regions: 2, rulesPerRegistry: 3, failingEvery: 3 }),
    );
    const connection = connectionTo(simulator);
    let accounts = 0;
    const client = new OrganizationsClient(connection);
    for await (const { Accounts = [] } of paginateListAccounts({ client }, {})) accounts += Accounts.length;
    const ecr = new ECRClient(connection);
    const verdicts: (boolean | undefined)[] = [];
    for await (const { pullThroughCacheRules = [] } of paginateDescribePullThroughCacheRules(
      { client: ecr },
      {},
    )) {
      for (const { ecrRepositoryPrefix } of pullThroughCacheRules) {
        const { isValid } = await ecr.send(new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix }));
        verdicts.push(isValid);
      }
    }
    expect(accounts).toBe(45);
    expect(verdicts).toEqual([true, true, false]);
    expect(rulesOf(simulator.world)).toHaveLength(45 * 2 * 3);
  });
});
