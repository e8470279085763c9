/** Where answers are remembered: a map, or one that lets go of keys that nobody else holds. */
type Memory<Key, Answer> = {
  readonly get: (key: Key) => Answer | undefined;
  readonly set: (key: Key, answer: Answer) => unknown;
};

/** Works out the answer for a key the first time, and remembers it in `memory`. */
export function memoize<Key, Answer extends object>(
  memory: Memory<Key, Answer>,
  workOut: (key: Key) => Answer,
): (key: Key) => Answer {
  return (key) => {
    const known = memory.get(key);
    if (known !== undefined) return known;
    const answer = workOut(key);
    memory.set(key, answer);
    return answer;
  };
}
