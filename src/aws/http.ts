import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Sha256 } from "./sha256.ts";

/** What carries a client's requests. */
export type Transport = Pick<
  NodeHttpHandler,
  "metadata" | "handle" | "updateHttpClientConfig" | "httpHandlerConfigs"
>;

/** What all clients of one audit share. */
export type ClientDefaults = {
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: number;
  readonly sha256: typeof Sha256;
};

/**
 * The transport that all clients share: one agent sized to the concurrency, and time limits, of which the
 * SDK itself sets none (AWS SDK for JavaScript v3 developer guide, "HTTP considerations", November 2026).
 */
export function clientDefaults(concurrency: number, requestTimeoutMs: number): ClientDefaults {
  // Calls that are slow to be answered lend their slots to as many others.
  const pool = { keepAlive: true, maxSockets: 2 * concurrency };
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
    sha256: Sha256,
  };
}

/** A transport that gives up all that is under way, and whatever comes later, once the signal aborts. */
export function stoppable(transport: NodeHttpHandler, signal: AbortSignal): Transport {
  return {
    metadata: transport.metadata,
    handle: (request, options) => transport.handle(request, { ...options, abortSignal: signal }),
    updateHttpClientConfig: (key, value) => transport.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => transport.httpHandlerConfigs(),
  };
}
