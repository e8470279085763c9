import { AsyncLocalStorage } from "node:async_hooks";
import type { STSClient } from "@aws-sdk/client-sts";
import type { Lane } from "./pace/lane.ts";

/** The credentials that a call is signed with, and the lane that paces it; null for clients that pace themselves. */
export type Caller = { readonly credentials: STSClient["config"]["credentials"]; readonly lane: Lane | null };

const callers = new AsyncLocalStorage<Caller>();

/** Does `work`: clients with {@link callerCredentials} sign all of its calls as this caller. */
export function callingAs<Answer>(caller: Caller, work: () => Promise<Answer>): Promise<Answer> {
  return callers.run(caller, work);
}

type Options = Parameters<Caller["credentials"]>[0];

/**
 * The credentials of the current caller, for clients that serve all accounts. `memoized` keeps the SDK from
 * using the first caller's credentials for all others (`@aws-sdk/core`, resolveAwsSdkSigV4Config, November 2026).
 */
export const callerCredentials = Object.assign((options?: Options) => current().credentials(options), {
  memoized: true,
});

/** The lane of the current caller. */
export function callerLane(): Lane {
  const { lane } = current();
  if (lane === null) throw new Error("a call was made without a lane");
  return lane;
}

/** The current caller's credentials, or undefined outside of {@link callingAs}. */
export function currentCredentials(): Caller["credentials"] | undefined {
  return callers.getStore()?.credentials;
}

function current(): Caller {
  const caller = callers.getStore();
  if (caller === undefined) throw new Error("a call was made without a caller");
  return caller;
}
