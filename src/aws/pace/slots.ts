import { setImmediate as afterAllThatIsDue } from "node:timers/promises";

/** Releases a slot. */
export type Release = () => void;

/** Limits the number of concurrent calls. */
export type Slots = {
  /** Waits for a slot, first come first served. */
  readonly take: () => Promise<Release>;
  /**
   * Waits until more work can start: a slot is free, or few calls wait for one. Then begins to prepare the work. Work that
   * is being prepared counts as a call that waits.
   */
  readonly room: (prepare: () => Promise<unknown>) => Promise<void>;
};

/**
 * The time after which a call without an answer lends its slot to another call, and work that is being prepared no longer
 * counts, in milliseconds. Registries that hang therefore do not block the others.
 */
const lendAfterMs = 2_000;

/**
 * The calls that may wait before more work starts, for each slot but the first. With fewer, slots remain free at the end of
 * an audit. With more, the memory that waiting calls keep takes more of the processor's time than they save.
 */
const waitingForEach = 2;

/**
 * Opens `most` slots. Up to as many further calls may have lent their slot. Once the signal aborts, no call waits.
 */
export function openSlots(most: number, signal: AbortSignal): Slots {
  let free = most;
  let lent = 0;
  let preparing = 0;
  let wake: Release | null = null;
  let lastRoom = Promise.resolve();
  const waiting: Release[] = [];

  const hasRoom = (): boolean => free > preparing || waiting.length + preparing < (most - 1) * waitingForEach;
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
  const countWhile = async (prepared: Promise<unknown>): Promise<void> => {
    const { promise: isOver, resolve: end } = Promise.withResolvers<unknown>();
    const hanging = setTimeout(end, lendAfterMs).unref();
    prepared.then(end, end);
    preparing += 1;
    await isOver;
    preparing -= 1;
    clearTimeout(hanging);
    if (hasRoom()) wake?.();
  };
  const nextRoom = async (prepare: () => Promise<unknown>): Promise<void> => {
    // Work that started earlier has sent its first call by then, and calls that ended are followed by the next.
    for (await afterAllThatIsDue(); !hasRoom() && !signal.aborted; await afterAllThatIsDue()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
      wake = null;
    }
    void countWhile(prepare());
  };
  return {
    take: async () => {
      if (free > 0 || signal.aborted) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return held();
    },
    room: (prepare) => {
      lastRoom = lastRoom.then(() => nextRoom(prepare));
      return lastRoom;
    },
  };
}
