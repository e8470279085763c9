import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { NodeHttpHandler } from "@smithy/node-http-handler";

/** What all clients of one audit share. */
export type ClientDefaults = {
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: number;
};

/**
 * The transport that all clients share: one agent sized to the concurrency, and time limits, of which the
 * SDK itself sets none (AWS SDK for JavaScript v3 developer guide, "HTTP considerations", November 2026).
 */
export function clientDefaults(concurrency: number, requestTimeoutMs: number): ClientDefaults {
  const pool = { keepAlive: true, maxSockets: concurrency };
  return {
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(pool),
      httpsAgent: new HttpsAgent(pool),
      connectionTimeout: Math.min(requestTimeoutMs, 5_000),
      requestTimeout: requestTimeoutMs,
      socketTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
    maxAttempts: 4,
  };
}
