import { describe, expect, it } from "vitest";
import { openTimeBudget, watch } from "../../../src/audit/collect/time-budget.ts";
import { aClock } from "../../support/builders.ts";

const second = 1_000;

/** A timetable whose process is ended after so many seconds, and what moves its time on. */
function timeBudgetOf({ seconds = 600, confirmAfterMs = 0 } = {}) {
  let now = 0;
  const time = openTimeBudget({ timeLeft: () => seconds * second - now, now: () => now, confirmAfterMs });
  const pass = (secondsPassed: number) => {
    now += secondsPassed * second;
  };
  /** Begins a registry that takes so long. */
  const spend = (secondsSpent: number) => {
    const done = time.begin();
    pass(secondsSpent);
    done();
  };
  return { time, pass, spend };
}

describe("the time for reading", () => {
  it("is what the reserve leaves, which grows with the fleet", () => {
    const { time, pass } = timeBudgetOf({ seconds: 600 });
    expect(time.leftForReading()).toBe(580 * second);
    for (let planned = 0; planned < 1_000; planned += 1) time.plan();
    expect(time.leftForReading()).toBe(575 * second);
    pass(100);
    expect(time.leftForReading()).toBe(475 * second);
  });

  it("is half of a short time, however large the fleet", () => {
    const { time } = timeBudgetOf({ seconds: 30 });
    expect(time.leftForReading()).toBe(15 * second);
    for (let planned = 0; planned < 20_000; planned += 1) time.plan();
    expect(time.leftForReading()).toBe(15 * second);
  });

  it("has no end where nothing ends the process", () => {
    const { time } = timeBudgetOf({ seconds: Number.POSITIVE_INFINITY });
    expect(time).toMatchObject({ isEndless: true });
    expect(time.mayBegin()).toBe(true);
    expect(timeBudgetOf().time.isEndless).toBe(false);
  });
});

describe("another registry", () => {
  it.each([
    { confirmAfterMs: 0, needed: 3 },
    { confirmAfterMs: 30 * second, needed: 33 },
  ])(
    "that nobody knows anything of is taken to need $needed s, to confirm a failure among it",
    ({ confirmAfterMs, needed }) => {
      const { time, pass } = timeBudgetOf({ seconds: 600, confirmAfterMs });
      pass(580 - needed);
      expect(time.mayBegin()).toBe(true);
      pass(0.001);
      expect(time.mayBegin()).toBe(false);
    },
  );

  it("needs what those before it took, and four times by how much they differed", () => {
    const { time, pass, spend } = timeBudgetOf({ seconds: 600 });
    spend(10);
    // The mean is 10 s, the deviation of a single one 5 s.
    pass(580 - 10 - 30);
    expect(time.mayBegin()).toBe(true);
    pass(0.001);
    expect(time.mayBegin()).toBe(false);
  });

  it("needs less the more evenly they go, and more after one that was slow", () => {
    const { time: even, pass, spend } = timeBudgetOf({ seconds: 600 });
    for (let done = 0; done < 40; done += 1) spend(5);
    pass(580 - 200 - 6);
    expect(even.mayBegin()).toBe(true);

    const uneven = timeBudgetOf({ seconds: 600 });
    for (let done = 0; done < 39; done += 1) uneven.spend(5);
    uneven.spend(60);
    uneven.pass(580 - 255 - 60);
    expect(uneven.time.mayBegin()).toBe(false);
  });

  it("is begun though one was very slow, while a quarter of the time is left", () => {
    const { time, pass, spend } = timeBudgetOf({ seconds: 600 });
    spend(400);
    expect(time.mayBegin()).toBe(true);
    pass(31);
    expect(time.mayBegin()).toBe(false);
  });

  it("is not begun once one was not, though more time turns up", () => {
    const { time, pass } = timeBudgetOf({ seconds: 600 });
    pass(578);
    expect(time.mayBegin()).toBe(false);
    pass(-400);
    expect(time.mayBegin()).toBe(false);
  });
});

describe("watch", () => {
  it("stops the reading when its time is over, and not before", async () => {
    const { time, pass } = timeBudgetOf({ seconds: 40 });
    const sleeps: number[] = [];
    const stopped = Promise.withResolvers<void>();
    const clock = {
      ...aClock(),
      sleep: async (milliseconds: number) => {
        sleeps.push(milliseconds);
        pass(milliseconds / second);
      },
    };
    const end = watch(time, { stop: stopped.resolve }, clock);
    await stopped.promise;
    expect(sleeps.reduce((sum, one) => sum + one, 0)).toBe(20 * second);
    await end();
  });

  it("leaves the reading alone when that is done sooner, or may take for ever", async () => {
    let stops = 0;
    const stop = () => {
      stops += 1;
    };
    const clock = {
      ...aClock(),
      sleep: (_milliseconds: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve())),
    };
    for (const seconds of [40, Number.POSITIVE_INFINITY]) {
      await watch(timeBudgetOf({ seconds }).time, { stop }, clock)();
    }
    expect(stops).toBe(0);
  });
});
