import { describe, expect, it } from "vitest";
import { scaleWorld } from "../simulator/worlds/scale.ts";
import { figuresOf } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const VALIDATE = "ValidatePullThroughCacheRule";

function aFleet() {
  const world = scaleWorld({ accounts: 6, regions: 1, rulesPerRegistry: 30 });
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
});
