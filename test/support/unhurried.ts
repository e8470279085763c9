import type { OutletCall } from "../../src/audit/ports.ts";

/** Has an outlet told by those who have all the time there is, and do not ask what it took. */
export const atLeisure: OutletCall = { signal: new AbortController().signal, onTaken: () => undefined };
