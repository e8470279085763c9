import { describe, expect, it } from "vitest";
import { scaleWorld } from "../simulator/worlds/scale.ts";
import { figuresOf } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

const VALIDATE = "ValidatePullThroughCacheRule";

function aFleet({ rulesPerRegistry = 30 } = {}) {
  const world = scaleWorld({ accounts: 6, regions: 1, rulesPerRegistry });
  const [, slow = ""] = Object.keys(world.accounts);
  return { world, slow };
}

describe("a registry in trouble", () => {
  it("that is throttled is read completely, and few of its calls are for nothing", async () => {
    const { world, slow } = aFleet();
    world.throttles.push({ on: { service: "ecr", account: slow }, ratePerSecond: 15, burst: 5 });
    await using stage = await setStage(world);
    expect(figuresOf(await stage.audit())).toMatchObject({ planned: 6, audited: 6 });
    const calls = stage.callsOf(VALIDATE).filter(({ account }) => account === slow);
    expect(calls.filter(({ httpStatus }) => httpStatus === 200)).toHaveLength(30);
    expect(calls.length).toBeLessThan(45);
  });

  it("that is throttled delays no other", async () => {
    const { world, slow } = aFleet({ rulesPerRegistry: 10 });
    world.throttles.push({ on: { operation: VALIDATE, account: slow }, ratePerSecond: 2, burst: 2 });
    await using stage = await setStage(world, { environment: { AUDIT_CONCURRENCY: "4" } });
    expect(figuresOf(await stage.audit())).toMatchObject({ planned: 6, audited: 6 });
    const untilOthersWereDone = callsUntilOthersWereDone(stage, slow);
    expect(untilOthersWereDone.filter(({ httpStatus }) => httpStatus === 200).length).toBeLessThan(10);
  });

  it("that hangs delays no other, though as many of its calls hang as may be under way at once", async () => {
    const { world, slow } = aFleet({ rulesPerRegistry: 10 });
    world.faults.push({ on: { operation: VALIDATE, account: slow }, effect: { kind: "hang" }, times: 4 });
    await using stage = await setStage(world, {
      environment: { AUDIT_CONCURRENCY: "4", AUDIT_REQUEST_TIMEOUT_SECONDS: "8" },
    });
    expect(figuresOf(await stage.audit())).toMatchObject({ planned: 6, audited: 6 });
    expect(callsUntilOthersWereDone(stage, slow)).toHaveLength(4);
    expect(stage.callsOf(VALIDATE).filter(({ account }) => account === slow)).toHaveLength(14);
  });
});

describe("the quota of STS, which other tools of the hub's account use too", () => {
  it("costs no registry", async () => {
    const accounts = 60;
    const world = scaleWorld({ accounts, regions: 2, rulesPerRegistry: 1, latencyMilliseconds: 20 });
    world.throttles.push({ on: { service: "sts" }, ratePerSecond: 40, burst: 1, shared: true });
    const policy = { scope: { accounts: "organization", regions: "enabled" } } as const;
    await using stage = await setStage(world, { policy });
    expect(figuresOf(await stage.audit())).toMatchObject({ planned: 2 * accounts, audited: 2 * accounts });
    const calls = stage.simulator.calls.filter(({ service }) => service === "sts");
    expect(calls.some(({ httpStatus }) => httpStatus !== 200)).toBe(true);
  });
});

/** The validations of the slow account that came before the last one of all the others. */
function callsUntilOthersWereDone({ callsOf }: Stage, slow: string) {
  const calls = callsOf(VALIDATE);
  const lastOfOthers = calls.findLastIndex(({ account }) => account !== slow);
  return calls.slice(0, lastOfOthers).filter(({ account }) => account === slow);
}
