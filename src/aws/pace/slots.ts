import { setImmediate as afterAllThatIsDue } from "node:timers/promises";

/** Releases a slot. */
export type Release = () => void;

/** Limits the number of concurrent calls. */
export type Slots = {
  /** Waits for a slot, first come first served. */
  readonly take: () => Promise<Release>;
  /** Waits until few calls wait for a slot: more work can then start. */
  readonly room: () => Promise<void>;
};

/**
 * The time after which a call without an answer lends its slot to another call, in milliseconds. Registries that hang
 * therefore do not block the others.
 */
const lendAfterMs = 2_000;

/**
 * The calls for each slot that may wait before more work starts. With fewer, slots remain free at the end of an audit. With
 * more, the memory that waiting calls keep takes more of the processor's time than they save.
 */
const mostWaitingForEach = 2;

/**
 * Opens `most` slots. Up to as many further calls may have lent their slot. Once the signal aborts, no call waits.
 */
export function openSlots(most: number, signal: AbortSignal): Slots {
  let free = most;
  let lent = 0;
  let wake: Release | null = null;
  let lastRoom = Promise.resolve();
  const waiting: Release[] = [];

  const hasRoom = (): boolean => waiting.length < most * mostWaitingForEach;
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
    if (hasRoom()) wake?.();
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
    while (!hasRoom() && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
    wake = null;
    // Work that started earlier has sent its first call by then.
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
