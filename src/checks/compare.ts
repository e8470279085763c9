/** Orders texts by their characters or numbers by their size, the least first. */
export function compare<T extends string | number>(a: T, b: T): number {
  return Number(a > b) - Number(a < b);
}
