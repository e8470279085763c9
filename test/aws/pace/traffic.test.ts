import { setImmediate as afterAllThatIsDue } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { OutOfTimeError } from "../../../src/aws/errors.ts";
import { openTraffic } from "../../../src/aws/pace/traffic.ts";
import { aClock } from "../../support/builders.ts";
import { answered, callWith, failed, failing } from "./paced-call.ts";

function traffic(concurrency = 2, clock = aClock()) {
  const opened = openTraffic({ concurrency, patienceMs: 10_000, clock, random: () => 0.5 });
  const inNewLane = () => {
    const lane = opened.openLane();
    return opened.strategyOf(() => lane);
  };
  return { clock, ...opened, strategy: inNewLane(), inNewLane };
}

describe("calls", () => {
  it.each(["throttled", "unavailable"] as const)(
    "hold a slot while they are under way, and none while they wait to be repeated (%s)",
    async (kind) => {
      const pause = Promise.withResolvers<void>();
      const clock = aClock();
      const sleep = async (milliseconds: number) => {
        await pause.promise;
        await clock.sleep(milliseconds);
      };
      const { strategy, inNewLane } = traffic(1, { ...clock, sleep });
      const first = Promise.withResolvers<void>();
      const sent: string[] = [];
      const repeated = callWith(strategy, async (count) => {
        sent.push(`first, attempt ${count}`);
        if (count === 1) await first.promise;
      });
      const other = callWith(inNewLane(), async () => {
        sent.push("other");
      });
      await afterAllThatIsDue();
      expect(sent).toEqual(["first, attempt 1"]);
      first.reject(failed(kind));
      await other;
      expect(sent).toEqual(["first, attempt 1", "other"]);
      pause.resolve();
      await repeated;
      expect(sent).toEqual(["first, attempt 1", "other", "first, attempt 2"]);
    },
  );

  it.each(["unavailable", "broken"] as const)(
    "are sent four times in all when AWS fails to answer (%s)",
    async (kind) => {
      const { strategy, clock, calls } = traffic();
      await expect(callWith(strategy, failing(kind))).rejects.toThrow("HTTP 50");
      expect(calls()).toEqual({ sent: 4, throttled: 0 });
      expect(clock.sleeps).toEqual([100, 200, 400]);
    },
  );

  it("say in their headers which call and attempt they are", async () => {
    const { strategy } = traffic();
    const first = await callWith(strategy, answered);
    const second = await callWith(strategy, failing("unavailable", 2));
    expect(first["amz-sdk-request"]).toBe("attempt=1; max=4");
    expect(second["amz-sdk-request"]).toBe("attempt=3; max=4");
    const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
    expect(first["amz-sdk-invocation-id"]).toMatch(uuid);
    expect(second["amz-sdk-invocation-id"]).toMatch(uuid);
    expect(second["amz-sdk-invocation-id"]).not.toBe(first["amz-sdk-invocation-id"]);
  });

  it("are not repeated when AWS refuses them", async () => {
    const { strategy, clock, calls } = traffic();
    await expect(callWith(strategy, failing("refused"))).rejects.toThrow("HTTP 400");
    expect(calls().sent).toBe(1);
    expect(clock.sleeps).toEqual([]);
  });

  it.each([
    ["a text", "no error"],
    ["an error with another cause", new Error("broken", { cause: null })],
  ])("are not repeated after %s instead of an error of AWS", async (_title, thrown) => {
    const { strategy, calls, inNewLane } = traffic(1);
    const call = callWith(strategy, () => Promise.reject(thrown));
    await expect(call).rejects.toBe(thrown);
    expect(calls().sent).toBe(1);
    await callWith(inNewLane(), answered);
  });

  it("are given up when nothing but throttling came for as long as one is patient", async () => {
    const { strategy, clock } = traffic();
    const begun = clock.now().getTime();
    await expect(callWith(strategy, failing("throttled"))).rejects.toThrow("HTTP 400");
    const waited = clock.now().getTime() - begun;
    expect(waited).toBeGreaterThanOrEqual(10_000);
    expect(waited).toBeLessThan(13_000);
  });

  it("are repeated as long as others of their kind are answered", async () => {
    const { strategy, clock } = traffic();
    const begun = clock.now().getTime();
    await callWith(strategy, async () => {
      if (clock.now().getTime() - begun >= 60_000) return;
      await callWith(strategy, answered);
      throw failed("throttled");
    });
    expect(clock.now().getTime() - begun).toBeGreaterThanOrEqual(60_000);
  });

  it("of another lane do not wait when one is throttled", async () => {
    const { strategy, clock, inNewLane } = traffic(1);
    await callWith(strategy, failing("throttled", 1));
    const slept = clock.sleeps.length;
    expect(slept).toBeGreaterThan(0);
    await callWith(inNewLane(), answered);
    expect(clock.sleeps).toHaveLength(slept);
  });

  it("end when the audit's time does: those that wait, those that failed, and those to come", async () => {
    const { strategy, stop, signal } = traffic(1);
    const attempt = Promise.withResolvers<void>();
    const underWay = callWith(strategy, () => attempt.promise);
    const waiting = callWith(strategy, answered);
    await afterAllThatIsDue();
    stop();
    expect(signal.aborted).toBe(true);
    await expect(waiting).rejects.toThrow(OutOfTimeError);
    attempt.reject(failed("throttled"));
    await expect(underWay).rejects.toThrow("HTTP 400");
    await expect(callWith(strategy, answered)).rejects.toThrow(OutOfTimeError);
  });
});
