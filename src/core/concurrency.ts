import { setImmediate as afterAllThatIsDue } from "node:timers/promises";

/**
 * Runs `work` on each item of `source`, with at most `limit` running at once. A slow item does not delay others, and
 * an item is taken from the source only if it can be started at once.
 *
 * @throws the first error of the source or of `work`, after the work in progress has ended
 */
export async function forEachConcurrently<Item>(
  source: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    try {
      while (!failed) {
        const next = await items.next();
        if (next.done === true) return;
        await work(next.value);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: limit }, worker));
  const failure = ended.find((end) => end.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

/** Asks a sequence for its first item at once. An error is thrown when the result is read. */
export function begun<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  const first = items.next();
  first.catch(() => undefined);
  return (async function* () {
    const { done, value } = await first;
    if (done === true) return;
    yield value;
    yield* items;
  })();
}

/** The next event: the source yielded an item or ended, or work completed. */
type Step<Item, Result> =
  | { readonly kind: "given"; readonly next: IteratorResult<Item, unknown> }
  | { readonly kind: "done"; readonly key: number; readonly result: Result };

/**
 * Runs `work` on each item of `source`, with at most `limit` running at once, and yields the results in the order of
 * completion. A slow item does not delay others, and an item is taken from the source only if it can be started at once.
 *
 * @throws the first error of the source or of `work`, after the work in progress has ended
 */
export async function* inCompletionOrder<Item, Result>(
  source: AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  type Next = Promise<Step<Item, Result>>;
  const items = source[Symbol.asyncIterator]();
  const take = (): Next => items.next().then((next) => ({ kind: "given", next }));
  const underWay = new Map<number, Next>();
  let given: Next | null = take();
  let isOver = false;
  let key = 0;
  try {
    while (given !== null || underWay.size > 0) {
      const step: Step<Item, Result> = await Promise.race([
        ...(given === null ? [] : [given]),
        ...underWay.values(),
      ]);
      if (step.kind === "done") {
        underWay.delete(step.key);
        yield step.result;
      } else {
        given = null;
        isOver = step.next.done === true;
        if (step.next.done !== true) {
          const mine = key;
          key += 1;
          underWay.set(
            mine,
            work(step.next.value).then((result) => ({ kind: "done", key: mine, result })),
          );
        }
      }
      if (given === null && !isOver && underWay.size < limit) given = take();
    }
  } finally {
    await Promise.allSettled([...underWay.values(), given]);
    await items.return?.();
  }
}

/**
 * Reads a source eagerly, ahead of the consumer, and yields priority items among those already read before all others.
 *
 * @throws the error of the source, after all items that preceded it
 */
export async function* inPriorityOrder<Item>(
  source: AsyncIterable<Item>,
  isPriority: (item: Item) => boolean,
): AsyncGenerator<Item> {
  const prioritized: Item[] = [];
  const others: Item[] = [];
  let isAbandoned = false;
  const failures: unknown[] = [];
  let isRead = false;
  let news = Promise.withResolvers<void>();

  const read = async (): Promise<void> => {
    try {
      for await (const item of source) {
        if (isAbandoned) return;
        (isPriority(item) ? prioritized : others).push(item);
        news.resolve();
      }
    } catch (failure) {
      failures.push(failure);
    }
    isRead = true;
    news.resolve();
  };
  const reading = read();
  try {
    for (;;) {
      // All items of the last page are sorted by priority before any of them is yielded.
      await afterAllThatIsDue();
      const next = prioritized.shift() ?? others.shift();
      if (next !== undefined) {
        yield next;
      } else if (isRead) {
        break;
      } else {
        await news.promise;
        news = Promise.withResolvers();
      }
    }
  } finally {
    isAbandoned = true;
    await reading;
  }
  if (failures.length > 0) throw failures[0];
}
