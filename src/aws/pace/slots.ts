import { setImmediate as afterAllThatIsDue } from "node:timers/promises";

/** Gives a slot back. */
export type Release = () => void;

/** The calls that may be under way at once. */
export type Slots = {
  /** Waits for a slot, in the order of asking. */
  readonly take: () => Promise<Release>;
  /** Waits until a slot is free that no call waits for: then more work can be begun. */
  readonly room: () => Promise<void>;
};

/**
 * A call that goes without an answer for so long lends its slot to another, so that registries that hang do not
 * hold up those that do not. In milliseconds.
 */
const lendAfterMs = 2_000;

/**
 * Opens `most` slots. As many more calls may have lent theirs. Once the signal aborts nobody waits any more.
 */
export function openSlots(most: number, signal: AbortSignal): Slots {
  let free = most;
  let lent = 0;
  let wake: Release | null = null;
  let lastRoom = Promise.resolve();
  const waiting: Release[] = [];

  const release = (): void => {
    const next = waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    free += 1;
    wake?.();
  };
  signal.addEventListener("abort", () => {
    for (const next of waiting.splice(0)) next();
    wake?.();
  });

  const held = (): Release => {
    let isLent = false;
    const lending = setTimeout(() => {
      if (lent >= most) return;
      isLent = true;
      lent += 1;
      release();
    }, lendAfterMs).unref();
    return () => {
      clearTimeout(lending);
      if (isLent) lent -= 1;
      else release();
    };
  };
  const nextRoom = async (): Promise<void> => {
    while (free <= 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
    wake = null;
    // Whoever had room before has sent its first call by then.
    await afterAllThatIsDue();
  };
  return {
    take: async () => {
      if (free > 0 || signal.aborted) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return held();
    },
    room: () => {
      lastRoom = lastRoom.then(nextRoom);
      return lastRoom;
    },
  };
}
