import { setImmediate as afterAllThatIsDue } from "node:timers/promises";

/**
 * Reads a source at once, ahead of whoever takes from it, and of what it has read gives out what is urgent before
 * all else.
 *
 * @throws what the source throws, after all that it gave before
 */
export async function* urgentFirst<Item>(
  source: AsyncIterable<Item>,
  isUrgent: (item: Item) => boolean,
): AsyncGenerator<Item> {
  const urgent: Item[] = [];
  const others: Item[] = [];
  let isAbandoned = false;
  const failures: unknown[] = [];
  let isRead = false;
  let news = Promise.withResolvers<void>();

  const read = async (): Promise<void> => {
    try {
      for await (const item of source) {
        if (isAbandoned) return;
        (isUrgent(item) ? urgent : others).push(item);
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
      // What came with the last page is all looked at before anything of it is given out.
      await afterAllThatIsDue();
      const next = urgent.shift() ?? others.shift();
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
