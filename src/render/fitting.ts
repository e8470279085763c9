/** The first of `items` that together take at most `bytes` bytes, each as large as `sizeOf` says. */
export function fitting<Item>(
  items: readonly Item[],
  bytes: number,
  sizeOf: (item: Item) => number,
): readonly Item[] {
  let left = bytes;
  const end = items.findIndex((item) => {
    left -= sizeOf(item);
    return left < 0;
  });
  return end === -1 ? items : items.slice(0, end);
}
