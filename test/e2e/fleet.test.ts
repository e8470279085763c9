import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Night, playTwice, type Scene } from "../fleet/support/nights.ts";
import { CALLER, callRecord } from "../functions/events.ts";
import { registryPolicyOpenToAll } from "../functions/open-policy.ts";
import { daysBefore } from "../simulator/calendar.ts";
import type { Fault } from "../simulator/faults.ts";
import type { World } from "../simulator/world.ts";
import { repositoriesMadeBy, rule, template } from "../simulator/world-builder.ts";
import { worlds } from "../simulator/worlds/index.ts";
import { aDemandingPolicyFile } from "../support/builders.ts";

const demoPolicy = fileURLToPath(new URL("../../demo/policy.json", import.meta.url));
/** A moment that the worlds' dates are relative to. */
const NOW = new Date("2026-11-20T12:00:00Z");

const everyRegion = aDemandingPolicyFile({ scope: { accounts: "organization", regions: "enabled" } });
const demo = (): Scene => ({ world: worlds.demo(NOW), policyFile: demoPolicy });
const inWorld = (name: keyof typeof worlds) => (): Scene => ({
  world: worlds[name](NOW),
  policy: everyRegion,
});

async function expectTheSame(scene: () => Scene, nights: readonly Night[]): Promise<string> {
  const { single, fleet } = await playTwice(scene, nights);
  // Whole texts in an error would hide where they differ.
  expect(firstDifference(fleet, single)).toBeNull();
  return single;
}

function firstDifference(one: string, other: string) {
  if (one === other) return null;
  const at = [...one].findIndex((character, index) => character !== other[index]);
  return [one, other].map((text) => text.slice(Math.max(0, at - 200), at + 200));
}

/** A world in which accounts, regions and single calls are denied or fail, for good. */
const inTrouble = (): Scene => {
  const world = worlds.demo(NOW);
  const [first = "", second = "", third = ""] = Object.keys(world.accounts).filter(
    (id) => id !== world.hub.accountId,
  );
  const faults: Fault[] = [
    { on: { service: "ecr", account: first }, effect: { kind: "deny", by: "missing-permission" } },
    { on: { service: "sts", account: second }, effect: { kind: "deny", by: "service-control-policy" } },
    { on: { operation: "ValidatePullThroughCacheRule", account: third }, effect: { kind: "throttle" } },
    { on: { operation: "GetRegistryPolicy" }, effect: { kind: "internal-failure", status: 503 } },
  ];
  world.faults.push(...faults);
  return { world, policyFile: demoPolicy };
};

const MEMBER = "444455556666";

function rulesIn(world: World, account = world.hub.accountId) {
  return registryOf(world, account).rules;
}

function registryOf({ accounts }: World, account: string) {
  const [region] = Object.values(accounts[account]?.regions ?? {});
  if (region === undefined) throw new Error(`${account} has no region`);
  return region;
}

describe("the fleet leaves behind what one function does, but for ids", () => {
  it.each([
    ["the demonstration", demo, /"failing": {/],
    ["a healthy world", inWorld("healthy"), /"planned": 4/],
    ["a hostile world", inWorld("hostile"), /all green/],
    [
      "a crowded world",
      (): Scene => ({ world: worlds.crowded(NOW), policy: aDemandingPolicyFile() }),
      /rule-quota/,
    ],
    ["a world in trouble", inTrouble, /denied-by-scp/],
  ])(
    "in %s",
    async (_where, scene, auditScope) => {
      expect(auditScope.test(await expectTheSame(scene, [{}]))).toBe(true);
    },
    240_000,
  );

  it("night after night: what opened, what was resolved, and what changed", async () => {
    const nights: Night[] = [
      {},
      { turn: (world) => rulesIn(world).push(rule("team-a", "quay")) },
      { turn: (world) => void rulesIn(world).pop() },
      { event: { notify: "always" } },
    ];
    const left = await expectTheSame(inWorld("healthy"), nights);
    for (const news of ['"change": "added"', '"change": "removed"', '"transition": "resolved"']) {
      expect(left.includes(news)).toBe(true);
    }
  });

  it("and who made the changes, as CloudTrail says", async () => {
    const calls = [
      callRecord("CreatePullThroughCacheRule", { ecrRepositoryPrefix: "team-a" }),
      callRecord("PutRegistryPolicy", { policyText: "{}" }),
    ].map((call) => ({ ...call, eventTime: "2026-11-21T20:00:00Z" }));
    const nights: Night[] = [
      {},
      {
        turn: (world) => {
          const [[region, registry] = []] = Object.entries(world.accounts["444455556666"]?.regions ?? {});
          if (registry === undefined) throw new Error("the member has no region");
          registry.rules.push(rule("team-a", "quay"));
          registry.registryPolicy = registryPolicyOpenToAll;
          registry.trail = calls.map((call) => ({ ...call, awsRegion: region }));
        },
      },
      { turn: (world) => world.faults.push({ on: { service: "cloudtrail" }, effect: { kind: "throttle" } }) },
      { turn: (world) => rulesIn(world, "444455556666").push(rule("team-b", "quay")) },
    ];
    const left = await expectTheSame(inWorld("healthy"), nights);
    expect(left.split(CALLER.arn).length).toBeGreaterThan(5);
    expect(left.includes('\\"reason\\": \\"throttled\\"')).toBe(true);
  });

  it("what rules left in repositories: orphans that only the state knows, parts in turn, and unused ones", async () => {
    const made = (names: readonly string[], days: number, parts = {}) =>
      repositoriesMadeBy(template("ROOT"), names, { createdAt: daysBefore(NOW, days), ...parts });
    const scene = (): Scene => {
      const world = worlds.healthy(NOW);
      const member = registryOf(world, MEMBER);
      member.rules.push(rule("team-a", "quay"));
      member.repositories = [
        ...made(["team-a/app", "team-a/web"], 400),
        ...made(["docker-hub/a"], 400, { pulls: [daysBefore(NOW, 3)] }),
        ...made(["docker-hub/b", "docker-hub/c"], 400),
        ...made(["docker-hub/d"], 400, { imageTagMutability: "IMMUTABLE" }),
      ];
      const cachedRepositories = { unusedAfterDays: 90, maxRepositories: 4 };
      const creationTemplates = { tagMutability: ["MUTABLE" as const] };
      return { world, policy: { ...everyRegion, creationTemplates, cachedRepositories } };
    };
    const nights: Night[] = [
      {},
      {
        turn: (world) => {
          const member = registryOf(world, MEMBER);
          member.rules = member.rules.filter(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix !== "team-a");
        },
      },
      {
        turn: (world) => {
          const mended = registryOf(world, MEMBER).repositories?.find(({ name }) => name === "docker-hub/d");
          if (mended !== undefined) mended.imageTagMutability = "MUTABLE";
        },
      },
      // With one more before them, the repositories of the next part have other numbers.
      { turn: (world) => registryOf(world, MEMBER).repositories?.push(...made(["docker-hub/aa"], 1)) },
      { turn: (world) => registryOf(world, MEMBER).repositories?.push(...made(["docker-hub/ab"], 1)) },
      {
        turn: (world) => {
          const member = registryOf(world, MEMBER);
          const { repositories = [] } = member;
          member.repositories = repositories.filter(({ name }) => !name.startsWith("team-a/"));
        },
      },
    ];
    const left = await expectTheSame(scene, nights);
    const said = (text: string) => left.split(text).length - 1;
    expect(said('\\"kind\\": \\"orphaned\\"')).toBeGreaterThan(2);
    for (const kind of ["orphaned", "tag-mutability", "unused", "not-all-read"]) {
      expect(`${kind}: ${said(`\\"kind\\": \\"${kind}\\"`) > 0}`).toBe(`${kind}: true`);
    }
  });

  it("where checks compare registries with each other", async () => {
    const scene = () => {
      const world = worlds.healthy(NOW);
      rulesIn(world, "444455556666").push(rule("ecr-public", "quay"));
      return { world, policy: everyRegion };
    };
    expect((await expectTheSame(scene, [{}])).includes("fleet-consistency")).toBe(true);
  });

  it.each([
    ["a part of the scope", { accounts: ["444455556666"], prefixes: ["docker-hub"] }, /"planned": 2/],
    ["one registry", { accounts: ["444455556666"], regions: ["us-east-1"] }, /"planned": 1/],
    ["an audit without notifications", { notify: "never" }, /"planned": 4/],
  ])("asked for %s", async (_what, event, auditScope) => {
    const left = await expectTheSame(inWorld("healthy"), [{}, { event }]);
    expect(auditScope.test(left)).toBe(true);
  });

  it("where there is nothing to read", async () => {
    const scope = { accounts: "organization" as const, excludeAccounts: ["111122223333", "444455556666"] };
    const scene = () => ({ world: worlds.healthy(NOW), policy: { ...everyRegion, scope } });
    expect((await expectTheSame(scene, [{}])).includes('"planned": 0')).toBe(true);
  });

  it("which is nothing, after a dry run", async () => {
    const left = await expectTheSame(demo, [{ event: { dryRun: true } }]);
    expect(JSON.parse(left)).toEqual({ kept: {}, digests: [], events: [], securityHubFindings: [] });
  });
});
