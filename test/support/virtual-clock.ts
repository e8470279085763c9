import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../src/audit/ports.ts";

type Sleeper = { readonly at: number; readonly wake: () => void };

/** A clock whose time passes only while everybody sleeps. */
export function virtualClock(start: Date) {
  let now = start.getTime();
  let sleepers: Sleeper[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    sleep: (milliseconds, signal) => {
      if (signal?.aborted === true) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const sleeper = { at: now + milliseconds, wake: resolve };
      sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        resolve();
      });
      return promise;
    },
  };
  /** Lets time pass until `work` is done. @throws when it never will be */
  const during = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    for (;;) {
      await turn();
      if (isDone) return done;
      const [next] = sleepers.toSorted((a, b) => a.at - b.at);
      if (next === undefined) throw new Error("nothing more will happen");
      sleepers = sleepers.filter((sleeper) => sleeper !== next);
      now = Math.max(now, next.at);
      next.wake();
    }
  };
  return {
    clock,
    during,
    /** Lets nothing happen for some time. */
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}
