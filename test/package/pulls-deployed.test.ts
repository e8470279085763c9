import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleet, HUB, MEMBER, REGION, settings } from "../functions/fleet.ts";
import { pullEvent, queueBatch } from "../simulator/pull-events.ts";
import { startSimulator } from "../simulator/server.ts";
import { type DeployedFunction, deploy } from "./deployed.ts";
import { packaged } from "./packages.ts";

let zip: Uint8Array;
let deployed: DeployedFunction;

beforeAll(async () => {
  zip = (await packaged()).zips.pulls;
  deployed = await deploy(zip, "functions/pulls.handler");
});

afterAll(() => deployed[Symbol.asyncDispose]());

describe("the zip of the function that hears of pulls", () => {
  it("is small", () => {
    expect(zip.byteLength).toBeLessThan(400_000);
  });
});

describe("the deployed handler of pulls", () => {
  it("tells a failed pull, and names the message that is not valid", async () => {
    const world = fleet();
    world.accounts[HUB]?.regions[REGION]?.buckets.push("reports");
    await using simulator = await startSimulator(world);
    const failure = { code: "UpstreamTooManyRequests", reason: "You have reached your pull rate limit." };
    const pull = { account: MEMBER, region: REGION, prefix: "quay", id: "1", at: new Date(), failure };
    const batch = queueBatch([pullEvent(pull), "{"]);
    const { outcome, lines } = await deployed.invokeLogged(batch, {
      ...simulator.env,
      ...settings,
      AUDIT_STORE: "s3://reports",
    });
    expect(outcome).toEqual({ end: "answered", response: { batchItemFailures: [] } });
    expect(lines.join("\n")).toContain("message-1");
    expect(simulator.published).toHaveLength(1);
    expect(JSON.stringify(simulator.events)).toContain("upstream-rate-limited");
  });
});
