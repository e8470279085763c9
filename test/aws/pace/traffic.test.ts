import { describe, expect, it } from "vitest";
import { OutOfTimeError } from "../../../src/aws/errors.ts";
import { type CallStrategy, openTraffic } from "../../../src/aws/pace/traffic.ts";
import { aClock } from "../../support/builders.ts";

type Kind = Parameters<CallStrategy["refreshRetryTokenForRetry"]>[1]["errorType"];

function traffic(concurrency = 2, random = () => 0.5) {
  const clock = aClock();
  const opened = openTraffic({ concurrency, patienceMs: 10_000, clock, random });
  const lane = opened.openLane();
  return { clock, ...opened, strategy: opened.strategyOf(() => lane) };
}

function failing(errorType: Kind) {
  const cause = new Error("the server is in trouble");
  return { errorType, error: Object.assign(new Error("answered with HTTP 500"), { cause }) };
}

describe("calls", () => {
  it("hold a slot while they are under way, and none while they wait to be repeated", async () => {
    const { strategy, openLane, strategyOf } = traffic(1);
    const first = await strategy.acquireInitialRetryToken("");
    const repeated = strategy.refreshRetryTokenForRetry(first, failing("THROTTLING"));
    const other = openLane();
    const second = await strategyOf(() => other).acquireInitialRetryToken("");
    strategy.recordSuccess(second);
    strategy.recordSuccess(await repeated);
  });

  it.each(["TRANSIENT", "SERVER_ERROR"] as const)("are sent four times in all after a %s", async (kind) => {
    const { strategy, clock } = traffic();
    let token = await strategy.acquireInitialRetryToken("");
    for (let repeats = 0; repeats < 3; repeats += 1) {
      token = await strategy.refreshRetryTokenForRetry(token, failing(kind));
    }
    await expect(strategy.refreshRetryTokenForRetry(token, failing(kind))).rejects.toThrow("HTTP 500");
    expect(clock.sleeps).toEqual([100, 200, 400]);
  });

  it("are not repeated when AWS refuses them", async () => {
    const { strategy, clock } = traffic();
    const token = await strategy.acquireInitialRetryToken("");
    await expect(strategy.refreshRetryTokenForRetry(token, failing("CLIENT_ERROR"))).rejects.toThrow();
    expect(clock.sleeps).toEqual([]);
  });

  it("are given up when nothing but throttling came for as long as one is patient", async () => {
    const { strategy, clock } = traffic();
    const begun = clock.now().getTime();
    let token = await strategy.acquireInitialRetryToken("");
    const keepTrying = async (): Promise<never> => {
      for (;;) token = await strategy.refreshRetryTokenForRetry(token, failing("THROTTLING"));
    };
    await expect(keepTrying()).rejects.toThrow();
    const waited = clock.now().getTime() - begun;
    expect(waited).toBeGreaterThanOrEqual(10_000);
    expect(waited).toBeLessThan(13_000);
  });

  it("are repeated as long as others of their kind are answered", async () => {
    const { strategy, clock } = traffic();
    const begun = clock.now().getTime();
    let token = await strategy.acquireInitialRetryToken("");
    while (clock.now().getTime() - begun < 60_000) {
      strategy.recordSuccess(await strategy.acquireInitialRetryToken(""));
      token = await strategy.refreshRetryTokenForRetry(token, failing("THROTTLING"));
    }
    strategy.recordSuccess(token);
  });

  it("of another lane do not wait when one is throttled", async () => {
    const { strategy, clock, openLane, strategyOf } = traffic(1);
    const token = await strategy.acquireInitialRetryToken("");
    strategy.recordSuccess(await strategy.refreshRetryTokenForRetry(token, failing("THROTTLING")));
    const slept = clock.sleeps.length;
    expect(slept).toBeGreaterThan(0);
    const lane = openLane();
    const other = strategyOf(() => lane);
    other.recordSuccess(await other.acquireInitialRetryToken(""));
    expect(clock.sleeps).toHaveLength(slept);
  });

  it("end when the audit's time does: those that wait, those that failed, and those to come", async () => {
    const { strategy, stop, signal } = traffic(1);
    const token = await strategy.acquireInitialRetryToken("");
    const waiting = strategy.acquireInitialRetryToken("");
    stop();
    expect(signal.aborted).toBe(true);
    await expect(waiting).rejects.toThrow(OutOfTimeError);
    await expect(strategy.refreshRetryTokenForRetry(token, failing("THROTTLING"))).rejects.toThrow();
    await expect(strategy.acquireInitialRetryToken("")).rejects.toThrow(OutOfTimeError);
  });
});
