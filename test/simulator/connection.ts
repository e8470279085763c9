import type { UserCredentials } from "./key-ring.ts";
import type { Simulator } from "./server.ts";

/** What an AWS SDK client needs to reach the simulator. */
export interface Connection {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: UserCredentials & { readonly sessionToken?: string };
  readonly maxAttempts: number;
}

/**
 * The configuration of a client that speaks as an account, by default the hub. It tries each call once: a test should
 * see an error, not the SDK's patience.
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
