/** A cache for results: a map or a weak map. */
type Cache<Key, Result> = {
  readonly get: (key: Key) => Result | undefined;
  readonly set: (key: Key, result: Result) => unknown;
};

/** Caches the results of a function by key. */
export function memoize<Key, Result extends object>(
  cache: Cache<Key, Result>,
  compute: (key: Key) => Result,
): (key: Key) => Result {
  return (key) => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const result = compute(key);
    cache.set(key, result);
    return result;
  };
}
