/** What happened next: the source gave an item or ended, or work was done. */
type Step<Item, Result> =
  | { readonly kind: "given"; readonly next: IteratorResult<Item, unknown> }
  | { readonly kind: "done"; readonly key: number; readonly result: Result };

/**
 * Does `work` on each item of `source`, on at most `limit` at once, and yields what comes of each as it is done. A slow
 * item holds up no other, and an item is taken from the source only when there is room for it.
 *
 * @throws the first error of the source or of `work`, after the work under way has ended
 */
export async function* asDone<Item, Result>(
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
