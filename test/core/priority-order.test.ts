import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inPriorityOrder } from "../../src/core/concurrency.ts";

const isPriority = (item: number) => item < 0;

/** Pages of items, one page at each turn of the event loop. */
async function* pagesOf(pages: readonly (readonly number[])[]): AsyncGenerator<number> {
  for (const page of pages) {
    yield* page;
    await turn();
    await turn();
  }
}

async function collected(source: AsyncIterable<number>): Promise<readonly number[]> {
  const items: number[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe("inPriorityOrder", () => {
  it("yields the priority items of a page before its other items, each group in order", async () => {
    expect(await collected(inPriorityOrder(pagesOf([[1, -2, 3, -4]]), isPriority))).toEqual([-2, -4, 1, 3]);
  });

  it("yields later priority items before waiting items", async () => {
    const given = inPriorityOrder(pagesOf([[1, 2], [-3]]), isPriority);
    expect((await given.next()).value).toBe(1);
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect((await given.next()).value).toBe(-3);
    expect((await given.next()).value).toBe(2);
    expect(await given.next()).toMatchObject({ done: true });
  });

  it("loses nothing and adds nothing, regardless of the pages", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.integer()), { maxLength: 5 }), async (pages) => {
        const items = await collected(inPriorityOrder(pagesOf(pages), isPriority));
        expect(items.toSorted()).toEqual(pages.flat().toSorted());
      }),
    );
  });

  it("throws the error of its source after all items that preceded it", async () => {
    const failure = new Error("no more pages");
    async function* failing(): AsyncGenerator<number> {
      yield* pagesOf([[1], [2, -3]]);
      throw failure;
    }
    const items: number[] = [];
    const taking = (async () => {
      for await (const item of inPriorityOrder(failing(), isPriority)) items.push(item);
    })();
    await expect(taking).rejects.toBe(failure);
    expect(items.toSorted()).toEqual([-3, 1, 2]);
  });

  it("stops reading if the consumer stops", async () => {
    const read: number[] = [];
    async function* endless(): AsyncGenerator<number> {
      for (let item = 0; ; item += 1) {
        read.push(item);
        yield item;
        await turn();
      }
    }
    for await (const _item of inPriorityOrder(endless(), isPriority)) break;
    const readByThen = read.length;
    await turn();
    await turn();
    expect(read).toHaveLength(readByThen);
  });
});
