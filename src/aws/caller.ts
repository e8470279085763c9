import { AsyncLocalStorage } from "node:async_hooks";
import type { STSClient } from "@aws-sdk/client-sts";
import type { Lane } from "./pace/lane.ts";

/** In whose name a call is made, and by which lane it goes. */
export type Caller = { readonly credentials: STSClient["config"]["credentials"]; readonly lane: Lane };

const callers = new AsyncLocalStorage<Caller>();

/** Does `work`, all of whose calls through clients with {@link callerCredentials} are the caller's. */
export function callingAs<Answer>(caller: Caller, work: () => Promise<Answer>): Promise<Answer> {
  return callers.run(caller, work);
}

/**
 * The credentials of whoever is calling, for clients that serve all accounts. `memoized` keeps the SDK from
 * remembering the first caller's for all others (`@aws-sdk/core`, resolveAwsSdkSigV4Config, November 2026).
 */
export const callerCredentials = Object.assign(() => current().credentials(), { memoized: true });

/** The lane of whoever is calling. */
export function callerLane(): Lane {
  return current().lane;
}

function current(): Caller {
  const caller = callers.getStore();
  if (caller === undefined) throw new Error("a call was made in nobody's name");
  return caller;
}
