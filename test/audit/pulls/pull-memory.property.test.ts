import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PullEvent } from "../../../src/audit/pulls/pull-event.ts";
import {
  emptyMemory,
  type PullMemory,
  pullMemorySchema,
  rememberedHours,
  withEvents,
} from "../../../src/audit/pulls/pull-memory.ts";
import { seededRandom } from "../../simulator/seeded-random.ts";
import { NOW } from "../../support/builders.ts";

const registry = { account: "111122223333", region: "eu-west-1" };
const empty = emptyMemory(registry);
const hourMs = 3_600_000;

/** The memory after a round trip through its file. */
function stored(memory: PullMemory): PullMemory {
  return pullMemorySchema.parse(JSON.parse(JSON.stringify(memory)));
}

const someCode = fc.oneof(
  fc.constantFrom("UpstreamTooManyRequests", "ImageNotFound", "__proto__", "constructor", ""),
  fc.integer({ min: 0, max: 30 }).map((code) => `Code${code}`),
);

const someEvent: fc.Arbitrary<PullEvent> = fc.record({
  account: fc.constant(registry.account),
  region: fc.constant(registry.region),
  prefix: fc.constantFrom("docker-hub", "quay", "ROOT", "__proto__"),
  id: fc.integer({ min: 0, max: 400 }).map((id) => id.toString().padStart(8, "A")),
  at: fc.integer({ min: 0, max: 30 }).map((quarters) => NOW.getTime() - quarters * (hourMs / 4)),
  failure: fc.option(
    fc.record({
      code: someCode,
      repository: fc.option(fc.constantFrom("a", "b")),
      tag: fc.option(fc.constantFrom("1", "2")),
      reason: fc.option(fc.constantFrom("x", "y")),
    }),
    { freq: 4 },
  ),
});

/** Events of which each has an ID of its own: those that repeat one are the same in everything. */
const someEvents = fc.uniqueArray(someEvent, { selector: ({ id }) => id, maxLength: 120 });

describe("what is remembered of pulls", () => {
  it("is the same in any order, in any batches and with any repeats", () => {
    fc.assert(
      fc.property(
        someEvents.chain((events) =>
          fc.record({
            events: fc.constant(events),
            shuffled: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
            batch: fc.integer({ min: 1, max: 50 }),
          }),
        ),
        ({ events, shuffled, batch }) => {
          const oneByOne = events.reduce((memory, event) => withEvents(memory, [event], NOW), empty);
          let inBatches = empty;
          for (let at = 0; at < shuffled.length; at += batch) {
            const items = shuffled.slice(at, at + batch);
            // Half of a batch was recorded when it failed; all of it comes again.
            inBatches = stored(withEvents(inBatches, items.slice(0, items.length / 2), NOW));
            inBatches = stored(withEvents(inBatches, items, NOW));
          }
          expect(inBatches).toEqual(oneByOne);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("counts each of 100,000 failures once, and stays small", () => {
    const random = seededRandom(20);
    const codes = ["UpstreamTooManyRequests", ...Array.from({ length: 40 }, (_, code) => `Code${code}`)];
    const events = Array.from({ length: 100_000 }, (_, index): PullEvent => {
      const code = codes[Math.floor(random() ** 3 * codes.length)] ?? "";
      const at = NOW.getTime() - Math.floor(random() * 20 * hourMs);
      const text = "x".repeat(100);
      const failure = { code, repository: text, tag: text, reason: text };
      return { ...registry, prefix: "docker-hub", id: index.toString(36).padStart(8, "0"), at, failure };
    });
    const again = events.filter(() => random() < 0.2);
    const arriving = [...events, ...again]
      .map((event) => ({ event, place: random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ event }) => event);
    let memory = empty;
    for (let at = 0; at < arriving.length; at += 10_000) {
      memory = withEvents(memory, arriving.slice(at, at + 10_000), NOW);
    }
    const [rule] = memory.rules;
    const counted = rule?.failures.flatMap(({ hours }) => hours.map(([, count]) => count)) ?? [];
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(100_000);
    expect(rule?.failures).toHaveLength(13);
    const rateLimited = events.filter(({ failure }) => failure?.code === "UpstreamTooManyRequests");
    const [first] = rule?.failures ?? [];
    expect(first).toMatchObject({
      code: "UpstreamTooManyRequests",
      lastAt: new Date(Math.max(...rateLimited.map(({ at }) => at))).toISOString(),
      firstAt: new Date(Math.min(...rateLimited.map(({ at }) => at))).toISOString(),
    });
    expect(first?.hours.reduce((sum, [, count]) => sum + count, 0)).toBe(rateLimited.length);
    expect(JSON.stringify(memory.rules).length).toBeLessThan(20_000);
    expect(JSON.stringify(memory).length).toBeLessThan(1_100_000);
  });

  it("forgets what is older than a week, and takes nothing from the future", () => {
    const event = (id: string, at: number): PullEvent => ({
      ...registry,
      prefix: "docker-hub",
      id,
      at,
      failure: { code: "KmsError", repository: null, tag: null, reason: null },
    });
    const now = NOW.getTime();
    const memory = withEvents(
      empty,
      [
        event("AAAAAAAA", now),
        event("BBBBBBBB", now - (rememberedHours + 1) * hourMs),
        event("CCCCCCCC", now + hourMs),
      ],
      NOW,
    );
    expect(memory.rules).toMatchObject([{ failures: [{ hours: [[Math.floor(now / hourMs), 1]] }] }]);
    const later = new Date(now + (rememberedHours + 1) * hourMs);
    expect(withEvents(memory, [], later)).toEqual(empty);
  });
});
