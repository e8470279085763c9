/**
 * Orders texts by their UTF-16 code units, the same on every machine, unlike a locale's order; and numbers by their
 * size. The least comes first.
 */
export function compareValues<T extends string | number>(a: T, b: T): number {
  return Number(a > b) - Number(a < b);
}
