import type { UserCredentials } from "./key-ring.ts";
import type { Simulator } from "./server.ts";

/** The configuration with which an AWS SDK client reaches the simulator. */
export interface Connection {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: UserCredentials & { readonly sessionToken?: string };
  readonly maxAttempts: number;
}

/**
 * The configuration of a client of an account, by default the hub. It sends each call once: a test should see the error,
 * not the retries of the SDK.
 */
export function connectionTo(
  simulator: Simulator,
  {
    accountId = simulator.world.hub.accountId,
    region = simulator.world.hub.region,
  }: { accountId?: string; region?: string } = {},
): Connection {
  return { endpoint: simulator.url, region, credentials: simulator.credentialsOf(accountId), maxAttempts: 1 };
}
