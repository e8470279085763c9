/** How many calls may be in flight: before AWS has answered any, and at most. */
export type Window = { readonly first: number; readonly most: number };

/** Limits the calls in flight that may exhaust one quota. */
export type Gate = {
  /** Waits until one more call may be in flight, first come first served, or until the signal aborts. */
  readonly enter: () => Promise<void>;
  /** AWS answered a call with anything except a throttling error. */
  readonly answered: () => void;
  /** A call that had entered has ended, however it ended. */
  readonly leave: () => void;
};

/**
 * Opens a gate. Each answer allows one more call in flight, so the number doubles with each round trip: the slow start of
 * TCP (RFC 5681). A quota that is nearly used up then refuses a few calls and not hundreds.
 */
export function openGate({ first, most }: Window, signal: AbortSignal): Gate {
  let allowed = first;
  let inFlight = 0;
  const waiting: (() => void)[] = [];

  const admit = (): void => {
    while (inFlight < allowed || signal.aborted) {
      const next = waiting.shift();
      if (next === undefined) return;
      inFlight += 1;
      next();
    }
  };
  // Once the signal aborts, the calls in flight end, and the next to leave admits all others.
  return {
    enter: async () => {
      if ((inFlight < allowed && waiting.length === 0) || signal.aborted) {
        inFlight += 1;
        return;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    answered: () => {
      allowed = Math.min(allowed + 1, most);
      admit();
    },
    leave: () => {
      inFlight -= 1;
      admit();
    },
  };
}
