import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../audit/ports.ts";

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
};
