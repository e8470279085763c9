/** Counts the concurrent runs of `work`. */
export function gauge<Input, Output>(
  work: (input: Input) => Promise<Output>,
): {
  readonly measure: (input: Input) => Promise<Output>;
  /** The maximum number of concurrent runs. */
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
