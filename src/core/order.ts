/**
 * Compares texts by their UTF-16 code units, which does not depend on the locale, and numbers by value. Ascending.
 */
export function compareValues<T extends string | number>(a: T, b: T): number {
  return Number(a > b) - Number(a < b);
}
