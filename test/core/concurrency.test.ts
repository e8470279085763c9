import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { begun, forEachConcurrently } from "../../src/core/concurrency.ts";
import { gauge } from "../audit/gauge.ts";

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

async function* slowly<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  for (const item of items) {
    await pause();
    yield item;
  }
}

describe("forEachConcurrently", () => {
  it.each([
    { what: "a list", source: [1, 2, 3, 4, 5] },
    { what: "an asynchronous source", source: slowly([1, 2, 3, 4, 5]) },
  ])("works on each item of $what once", async ({ source }) => {
    const done: number[] = [];
    await forEachConcurrently(source, 2, async (item) => {
      done.push(item);
    });
    expect(done.toSorted()).toEqual([1, 2, 3, 4, 5]);
  });

  it("runs as many at once as allowed, and no more", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(20),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        async (count, limit, asList) => {
          const items = Array.from({ length: count }, (_, index) => index);
          const { measure, most } = gauge(pause);
          await forEachConcurrently(asList ? items : slowly(items), limit, measure);
          expect(most()).toBeLessThanOrEqual(limit);
          if (asList) expect(most()).toBe(Math.min(limit, count));
        },
      ),
    );
  });

  it("does not delay other items because of a slow one", async () => {
    const done: string[] = [];
    const slow = Promise.withResolvers<void>();
    const all = forEachConcurrently(["slow", "a", "b", "c"], 2, async (item) => {
      if (item === "slow") await slow.promise;
      done.push(item);
      if (item === "c") slow.resolve();
    });
    await all;
    expect(done).toEqual(["a", "b", "c", "slow"]);
  });

  it("takes an item only when there is room for it", async () => {
    let taken = 0;
    const source = (function* () {
      for (; taken < 10; taken += 1) yield taken;
    })();
    const held = Promise.withResolvers<void>();
    const all = forEachConcurrently(source, 3, () => held.promise);
    await pause();
    expect(taken).toBe(2); // the third is at work, and the source has not been asked to go on
    held.resolve();
    await all;
    expect(taken).toBe(10);
  });

  it("throws the first error after the work in progress has ended, and starts nothing else", async () => {
    const done: number[] = [];
    const all = forEachConcurrently([1, 2, 3, 4], 2, async (item) => {
      if (item === 1) throw new Error("one");
      await pause();
      done.push(item);
    });
    await expect(all).rejects.toThrow("one");
    expect(done).toEqual([2]);
  });

  it("throws the error of its source after the work in progress has ended", async () => {
    const done: number[] = [];
    const source = (function* () {
      yield 1;
      throw new Error("the source broke");
    })();
    const all = forEachConcurrently(source, 2, async (item) => {
      await pause();
      done.push(item);
    });
    await expect(all).rejects.toThrow("the source broke");
    expect(done).toEqual([1]);
  });
});

describe("begun", () => {
  async function listed(items: AsyncIterable<number>): Promise<readonly number[]> {
    const list: number[] = [];
    for await (const item of items) list.push(item);
    return list;
  }
  async function* counted(asked: number[], failsAt = Number.POSITIVE_INFINITY): AsyncGenerator<number> {
    for (const item of [0, 1, 2]) {
      asked.push(item);
      if (item === failsAt) throw new Error(`no item ${item}`);
      yield item;
    }
  }

  it("asks for the first item at once, and yields all", async () => {
    const asked: number[] = [];
    const items = begun(counted(asked));
    expect(asked).toEqual([0]);
    expect(await listed(items)).toEqual([0, 1, 2]);
  });

  it.each([0, 2])("throws the error of item %i when it is read", async (failsAt) => {
    const items = begun(counted([], failsAt));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(listed(items)).rejects.toThrow(`no item ${failsAt}`);
  });

  it("yields nothing if there is nothing", async () => {
    const none: readonly number[] = [];
    const items = begun(
      (async function* () {
        yield* none;
      })(),
    );
    expect(await listed(items)).toEqual([]);
  });
});
