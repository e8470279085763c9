/** Counts how many runs of `work` are under way at once. */
export function gauge<Input, Output>(
  work: (input: Input) => Promise<Output>,
): {
  readonly measure: (input: Input) => Promise<Output>;
  /** The most that were under way at any time. */
  readonly most: () => number;
} {
  let now = 0;
  let most = 0;
  return {
    most: () => most,
    measure: async (input) => {
      now += 1;
      most = Math.max(most, now);
      try {
        return await work(input);
      } finally {
        now -= 1;
      }
    },
  };
}
