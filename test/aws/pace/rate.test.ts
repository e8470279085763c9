import { describe, expect, it } from "vitest";
import { noThrottling, openRate } from "../../../src/aws/pace/rate.ts";

type Conditions = {
  /** What AWS allows: so many calls a second, and so many at once. */
  readonly perSecond: number;
  readonly burst: number;
  readonly calls: number;
  /** Milliseconds from a call to its answer. */
  readonly latency?: number;
};

/** Sends calls one after the other by a rate, at a service that keeps a token bucket. Times are simulated. */
function sail({ perSecond, burst, calls, latency = 5 }: Conditions) {
  const rate = openRate();
  let now = 0;
  let tokens = burst;
  let filledAt = 0;
  let answered = 0;
  let throttled = 0;
  while (answered < calls) {
    now += rate.waitAt(now);
    const sentAt = now;
    rate.sent(sentAt);
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1_000) * perSecond);
    filledAt = now;
    now += latency;
    if (tokens >= 1) {
      tokens -= 1;
      answered += 1;
      rate.answered(now);
    } else {
      throttled += 1;
      rate.throttled(now, sentAt);
    }
  }
  return { seconds: now / 1_000, throttled };
}

describe("a rate", () => {
  it("does not wait as long as nothing is throttled", () => {
    expect(sail({ perSecond: 1_000, burst: 1_000, calls: 500 })).toEqual({ seconds: 2.5, throttled: 0 });
  });

  it.each([
    { perSecond: 5, burst: 5, calls: 50 },
    { perSecond: 5, burst: 1, calls: 50 },
    { perSecond: 2, burst: 10, calls: 50 },
    { perSecond: 20, burst: 20, calls: 200 },
    { perSecond: 50, burst: 50, calls: 1_000 },
  ])("comes near $perSecond calls a second, of which few are throttled (burst $burst)", (conditions) => {
    const { seconds, throttled } = sail(conditions);
    expect(seconds).toBeLessThan((1.6 * (conditions.calls - conditions.burst)) / conditions.perSecond + 1);
    expect(throttled / conditions.calls).toBeLessThan(0.2);
  });

  it("falls at the first throttled call, and further when not one is answered", () => {
    const rate = openRate();
    rate.sent(0);
    rate.throttled(10, 0);
    expect(rate.waitAt(10)).toBe(400);
    rate.sent(410);
    rate.throttled(420, 410);
    expect(rate.waitAt(420)).toBe(800);
  });

  it("falls once for all calls that were under way when it fell", () => {
    const rate = openRate();
    for (const at of [0, 1, 2, 3]) rate.sent(at);
    for (const sentAt of [0, 1, 2, 3]) rate.throttled(10, sentAt);
    expect(rate.waitAt(10)).toBe(400);
  });

  it("never falls so low that a call waits for more than two seconds", () => {
    const rate = openRate();
    let now = 0;
    for (let calls = 0; calls < 20; calls += 1) {
      now += rate.waitAt(now);
      rate.sent(now);
      rate.throttled(now + 1, now);
      now += 1;
    }
    expect(rate.waitAt(now)).toBe(2_000);
  });

  it("is back where it was soon after the throttling has ended, and then goes beyond", () => {
    const rate = openRate();
    rate.sent(0);
    rate.throttled(0, 0);
    const waits = [1_000, 3_000, 6_000, 12_000].map((now) => {
      rate.answered(now);
      rate.sent(now);
      return rate.waitAt(now);
    });
    expect(waits[1]).toBeCloseTo(200);
    expect(waits).toEqual(waits.toSorted((a, b) => b - a));
    expect(waits.at(-1)).toBeLessThan(15);
  });

  it("grows from where the cut left it", () => {
    const rate = openRate();
    rate.sent(0);
    rate.throttled(0, 0);
    const waitAfterCut = rate.waitAt(0);
    rate.answered(1);
    rate.sent(1);
    expect(rate.waitAt(1)).toBeGreaterThan(waitAfterCut * 0.95);
  });
});

describe("rates of one kind", () => {
  it("are all limited once AWS has throttled one of them", () => {
    const likely = noThrottling();
    const [throttled, other] = [openRate(likely), openRate(likely)];
    other.sent(0);
    expect(other.waitAt(1)).toBe(0);
    throttled.sent(1);
    throttled.throttled(2, 1);
    expect(other.waitAt(2)).toBe(398);
  });

  it("grow each by its own answers", () => {
    const likely = noThrottling();
    const [throttled, other, third] = [openRate(likely), openRate(likely), openRate(likely)];
    throttled.sent(0);
    throttled.throttled(0, 0);
    for (const rate of [other, third]) expect(rate.waitAt(0)).toBe(0);
    other.answered(6_000);
    for (const rate of [other, third]) rate.sent(6_000);
    expect(other.waitAt(6_000)).toBeLessThan(third.waitAt(6_000));
  });

  it("do not fall again for a call that was sent before the first fell", () => {
    const likely = noThrottling();
    const [first, second] = [openRate(likely), openRate(likely)];
    first.sent(0);
    second.sent(1);
    first.throttled(40, 0);
    second.throttled(41, 1);
    expect(second.waitAt(41)).toBe(400);
  });
});
