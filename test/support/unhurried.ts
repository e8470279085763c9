import type { NotifierCall } from "../../src/audit/ports.ts";

/** Has an outlet told by those who have all the time there is, and do not ask what it took. */
export const unhurried: NotifierCall = { signal: new AbortController().signal, onTaken: () => undefined };
