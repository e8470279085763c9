import { setImmediate as afterAllThatIsDue } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openGate } from "../../../src/aws/pace/gate.ts";
import { type Lane, openLane } from "../../../src/aws/pace/lane.ts";
import { noThrottling } from "../../../src/aws/pace/rate.ts";
import type { Throttle } from "../../simulator/faults.ts";
import { TokenBuckets } from "../../simulator/token-buckets.ts";

/** A clock whose time passes only while everything waits for it. */
function virtualClock() {
  let time = 0;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => sleepers.push({ at: time + Math.max(1, Math.ceil(milliseconds)), wake }));
  const passUntil = async (isOver: () => boolean): Promise<void> => {
    while (!isOver()) {
      await afterAllThatIsDue();
      sleepers.sort((one, other) => one.at - other.at);
      const next = sleepers.shift();
      if (next === undefined) return;
      time = next.at;
      next.wake();
    }
  };
  return { now: () => new Date(time), sleep, passUntil };
}

const subject = { service: "sts", operation: "AssumeRole", account: "1", region: "us-east-1" } as const;
const latency = 20;

/** Makes calls through one lane until each was answered. @returns how many AWS refused */
async function refusedOf(calls: number, ratePerSecond: number, burst: number): Promise<number> {
  const clock = virtualClock();
  const now = () => clock.now().getTime();
  const { signal } = new AbortController();
  const lane = openLane(clock, signal, { gate: openGate({ first: 5, most: 30 }, signal) });
  const buckets = new TokenBuckets(now);
  const quota = { on: {}, ratePerSecond, burst, shared: true };
  let [refused, answered] = [0, 0];
  const call = async (): Promise<void> => {
    await lane.turn();
    const sentAt = now();
    await clock.sleep(latency);
    lane.ended();
    if (buckets.take(quota, subject)) {
      lane.answered(now());
      answered += 1;
      return;
    }
    refused += 1;
    lane.throttled(now(), sentAt);
    return call();
  };
  const all = Promise.all(Array.from({ length: calls }, call));
  await clock.passUntil(() => answered === calls);
  await all;
  return refused;
}

describe("a lane whose calls share a quota that others use too", () => {
  it.each([1, 20, 40, 100])("has at most one call in ten refused, with a burst of %i", async (burst) => {
    const refused = await refusedOf(400, 20, burst);
    expect(refused).toBeGreaterThan(0);
    expect(refused / (400 + refused)).toBeLessThanOrEqual(0.1);
  });

  it("has none refused if the quota suffices", async () => {
    expect(await refusedOf(400, 600, 600)).toBe(0);
  });
});

describe("the lanes of an operation in an account's regions, each with a quota of its own", () => {
  /** Makes three calls in each of ten regions. @returns how many AWS refused */
  async function refusedOfAccount(quota: Throttle, shares: boolean): Promise<number> {
    const clock = virtualClock();
    const now = () => clock.now().getTime();
    const { signal } = new AbortController();
    const siblings = {
      gate: openGate({ first: 5, most: Number.POSITIVE_INFINITY }, signal),
      likely: noThrottling(),
    };
    const buckets = new TokenBuckets(now);
    let [refused, answered] = [0, 0];
    const call = async (lane: Lane, region: string): Promise<void> => {
      await lane.turn();
      const sentAt = now();
      await clock.sleep(latency);
      lane.ended();
      if (buckets.take(quota, { ...subject, region })) {
        lane.answered(now());
        answered += 1;
        return;
      }
      refused += 1;
      lane.throttled(now(), sentAt);
      return call(lane, region);
    };
    const calls = Array.from({ length: 10 }, (_nothing, index) => `region-${index}`).flatMap((region) => {
      const lane = openLane(clock, signal, shares ? siblings : {});
      return [1, 2, 3].map(() => call(lane, region));
    });
    await clock.passUntil(() => answered === calls.length);
    await Promise.all(calls);
    return refused;
  }

  it.each([5, 10, 20])("have fewer calls refused than apart, at %i a second", async (ratePerSecond) => {
    const quota = { on: {}, ratePerSecond, burst: 1 };
    const refused = await refusedOfAccount(quota, true);
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(0.8 * (await refusedOfAccount(quota, false)));
  });

  it("have none refused if the quotas suffice", async () => {
    expect(await refusedOfAccount({ on: {}, ratePerSecond: 10, burst: 3 }, true)).toBe(0);
  });
});
