import { describe, expect, it } from "vitest";
import type { Fault } from "../simulator/faults.ts";
import type { World } from "../simulator/world.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { allSeen, answersOf, BYSTANDER, figuresOf, HUB, MEMBER, placesOf } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

const LIST = "DescribePullThroughCacheRules";
const VALIDATE = "ValidatePullThroughCacheRule";
const BUCKET = "audits";
const REGION = "us-east-1";

const plenty = 900_000;
/** What is left when those under way can be finished, and no other. */
const scarce = 22_000;

/** The hub and two members, with a rule each, and the hub's store. */
function anOrganization(faults: readonly Fault[] = []): World {
  const withRule = (upstream: "k8s" | "docker-hub" | "ecr-public", extras = {}) => ({
    regions: { [REGION]: registry([rule(upstream, upstream)], extras) },
  });
  return world({
    hub: { region: REGION },
    accounts: [
      account(HUB, withRule("k8s", { buckets: [BUCKET] })),
      account(MEMBER, withRule("docker-hub")),
      account(BYSTANDER, withRule("ecr-public")),
    ],
    faults: [...faults],
  });
}

/** With a store, and one call after the other. */
const environment = { AUDIT_STORE: `s3://${BUCKET}/nightly`, AUDIT_CONCURRENCY: "1" };

/** The time that is left until a call of `operation` has come in, and after it. */
function leftAround(stage: Stage, operation: string, after: number): () => number {
  const before = stage.callsOf(operation).length;
  return () => (stage.callsOf(operation).length > before ? after : plenty);
}

function unreachedIn(stage: Stage): unknown {
  const state = stage.simulator.objects.get(BUCKET)?.get("nightly/state.json");
  if (state === undefined) throw new Error("there is no state");
  return JSON.parse(new TextDecoder().decode(state.bytes)).missed;
}

function readIn(stage: Stage, since = 0): readonly string[] {
  return stage
    .callsOf(LIST)
    .slice(since)
    .map(({ account: id }) => id);
}

describe("an audit whose time grows short", () => {
  it("ends what it has begun, begins no other registry, and names each that it missed", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    const report = await stage.audit({}, { timeLeft: leftAround(stage, LIST, scarce) });
    expect(figuresOf(report)).toEqual({ ...allSeen(3), audited: 1, unreachable: 2 });
    expect(placesOf(report)).toEqual([`${HUB} ${REGION}`]);
    expect(report.coverage.gaps).toMatchObject(
      [MEMBER, BYSTANDER].map((id) => ({ account: id, region: REGION, reason: "deadline", prefixes: [] })),
    );
    expect(report.status).toBe("incomplete");
    expect(answersOf(report, MEMBER)).toEqual({ "*": "UNKNOWN" });
    expect(readIn(stage)).toEqual([HUB]);
  });

  it("cuts off what is still under way when the time for reading is over", async () => {
    const hang: Fault = { on: { operation: VALIDATE, account: HUB }, effect: { kind: "hang" } };
    await using stage = await setStage(anOrganization([hang]), { environment });
    const report = await stage.audit({}, { timeLeft: leftAround(stage, VALIDATE, 0) });
    expect(figuresOf(report)).toMatchObject({ planned: 3, partial: 1 });
    expect(report.coverage.gaps).toContainEqual(
      expect.objectContaining({
        account: HUB,
        state: "partial",
        reason: "deadline",
        operation: `ecr:${VALIDATE}`,
        prefixes: ["k8s"],
      }),
    );
    expect(answersOf(report, HUB)).toEqual({ k8s: "UNKNOWN" });
    expect(unreachedIn(stage)).toHaveProperty(HUB, [REGION]);
  });

  it("takes no failed validation for confirmed that it had no time to ask for again", async () => {
    await using stage = await setStage(anOrganization(), {
      environment: { ...environment, AUDIT_CONFIRM_AFTER_SECONDS: "300" },
    });
    for (const secret of stage.simulator.world.accounts[MEMBER]?.regions[REGION]?.secrets ?? []) {
      secret.login = "rejected";
    }
    const timeLeft = () => (stage.callsOf(VALIDATE).length === 3 ? 0 : 10_000_000);
    const report = await stage.audit({}, { timeLeft });
    expect(answersOf(report, MEMBER)).toEqual({ "docker-hub": "UNKNOWN" });
    expect(report.coverage.gaps).toMatchObject([{ account: MEMBER, reason: "deadline", state: "partial" }]);
  });

  it("says that there may be more accounts when not all were listed", async () => {
    const hang: Fault = { on: { operation: "ListAccounts" }, effect: { kind: "hang" } };
    await using stage = await setStage(anOrganization([hang]), { environment });
    const report = await stage.audit({}, { timeLeft: leftAround(stage, "ListAccounts", 0) });
    expect(figuresOf(report)).toEqual({ ...allSeen(1), audited: 0, unreachable: 1 });
    expect(report.coverage.gaps).toMatchObject([
      { account: "*", region: "*", reason: "deadline", operation: "organizations:ListAccounts" },
    ]);
  });

  it("names an account whose regions it had no time to ask for", async () => {
    await using stage = await setStage(anOrganization(), {
      environment,
      policy: { scope: { accounts: [HUB, MEMBER], regions: "enabled" } },
    });
    const report = await stage.audit({}, { timeLeft: leftAround(stage, "ListRegions", scarce) });
    const gaps = report.coverage.gaps.map(({ account: id, reason }) => `${id} ${reason}`);
    expect(new Set(gaps)).toEqual(new Set([`${HUB} deadline`, `${MEMBER} deadline`]));
    expect(stage.callsOf(LIST)).toEqual([]);
  });
});

describe("the audit after one that ran out of time", () => {
  it("begins with what was missed, reads each registry once, and then has missed nothing", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    await stage.audit({}, { timeLeft: leftAround(stage, LIST, scarce) });
    expect(unreachedIn(stage)).toEqual({ [MEMBER]: [REGION], [BYSTANDER]: [REGION] });
    const report = await stage.audit({}, { timeLeft: () => plenty });
    expect(figuresOf(report)).toEqual(allSeen(3));
    expect(readIn(stage, 1)).toEqual([MEMBER, BYSTANDER, HUB]);
    expect(unreachedIn(stage)).toEqual({});
  });

  it("of a part leaves alone what it does not look at, and forgets what it reads", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    await stage.audit({}, { timeLeft: leftAround(stage, LIST, scarce) });
    await stage.audit({ accounts: [MEMBER] });
    expect(unreachedIn(stage)).toEqual({ [BYSTANDER]: [REGION] });
  });

  it("keeps open findings as stale, and resolves nothing that it did not read", async () => {
    const denied = anOrganization();
    await using stage = await setStage(denied, { environment });
    for (const secret of stage.simulator.world.accounts[BYSTANDER]?.regions[REGION]?.secrets ?? []) {
      secret.login = "rejected";
    }
    const member = stage.simulator.world.accounts[MEMBER]?.regions[REGION];
    for (const secret of member?.secrets ?? []) secret.login = "rejected";
    expect((await stage.audit()).summary.transitions).toMatchObject({ opened: 1 });
    const never: Fault = { on: { operation: "ListAccounts" }, effect: { kind: "hang" } };
    stage.simulator.world.faults.push(never);
    const report = await stage.audit({}, { timeLeft: leftAround(stage, "ListAccounts", 0) });
    expect(report.findings.filter(({ status }) => status === "FAIL")).toMatchObject([
      { account: MEMBER, stale: true, transition: "unchanged" },
    ]);
    expect(report.summary.transitions).toMatchObject({ resolved: 0 });
    expect(report.drift).toEqual([]);
  });
});
