import type { NotifierCall } from "../../src/audit/ports.ts";

/** A notifier call without a time limit, which ignores confirmations. */
export const unhurried: NotifierCall = { signal: new AbortController().signal, onTaken: () => undefined };
