import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inCompletionOrder } from "../../src/core/concurrency.ts";
import { gauge } from "../audit/gauge.ts";

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

async function* slowly<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  for (const item of items) {
    await pause();
    yield item;
  }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("inCompletionOrder", () => {
  it("yields the result of each item once, with as many running at once as allowed and no more", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 20 }),
        fc.integer({ min: 1, max: 8 }),
        async (pauses, limit) => {
          const { measure, most } = gauge((_: undefined) => pause());
          const results = inCompletionOrder(slowly(pauses.entries()), limit, async ([index, pausesHere]) => {
            for (let left = pausesHere; left > 0; left -= 1) await measure(undefined);
            return index;
          });
          expect((await all(results)).toSorted((a, b) => a - b)).toEqual([...pauses.keys()]);
          expect(most()).toBeLessThanOrEqual(limit);
        },
      ),
    ));

  it("yields completed results while the source and other items are still busy", async () => {
    const slow = Promise.withResolvers<void>();
    const source = async function* () {
      yield* ["slow", "a"];
      await slow.promise;
    };
    const results = inCompletionOrder(source(), 3, async (item) => {
      if (item === "slow") await slow.promise;
      return item;
    });
    expect(await results.next()).toEqual({ value: "a", done: false });
    slow.resolve();
    expect(await results.next()).toEqual({ value: "slow", done: false });
    expect(await results.next()).toEqual({ value: undefined, done: true });
  });

  it("takes an item only when there is room for it", async () => {
    let taken = 0;
    const source = async function* () {
      for (; taken < 10; taken += 1) yield taken;
    };
    const results = inCompletionOrder(source(), 2, () => new Promise<number>(() => undefined));
    void results.next();
    for (let turn = 0; turn < 20; turn += 1) await pause();
    expect(taken).toBe(1);
  });

  it.each([
    ["the source", true],
    ["the work", false],
  ])("ends with the first error of %s, after the work under way", async (_whose, isSources) => {
    const ended: string[] = [];
    const source = async function* () {
      yield* ["slow", "b"];
      if (isSources) throw new Error("no more");
    };
    const results = inCompletionOrder(source(), 5, async (item) => {
      if (item === "b" && !isSources) throw new Error("no more");
      for (let turn = 0; turn < 5; turn += 1) await pause();
      ended.push(item);
      return item;
    });
    const consumed = (async () => {
      for await (const _result of results);
    })();
    await expect(consumed).rejects.toThrow("no more");
    expect(ended).toContain("slow");
  });

  it("closes the source if the consumer stops", async () => {
    let isEnded = false;
    const source = async function* () {
      try {
        yield* [1, 2, 3];
      } finally {
        isEnded = true;
      }
    };
    for await (const _result of inCompletionOrder(source(), 2, async (item) => item)) break;
    expect(isEnded).toBe(true);
  });
});
