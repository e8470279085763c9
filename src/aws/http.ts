import { createHash, createHmac, createSecretKey, type Hash, type Hmac } from "node:crypto";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { NodeHttpHandler } from "@smithy/node-http-handler";

type SourceData = string | ArrayBuffer | ArrayBufferView;

/**
 * SHA-256, or its HMAC, for the SDK's signatures. As the SDK's own it leaves all of it to Node.js, but hands the key
 * over as a `KeyObject`: to find out that a key is none takes Node.js 24 longer than the digest, and each signed call
 * has several.
 */
export class Sha256 {
  readonly #open: () => Hash | Hmac;
  #hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    if (secret === undefined) this.#open = () => createHash("sha256");
    else {
      const key = createSecretKey(bytesOf(secret));
      this.#open = () => createHmac("sha256", key);
    }
    this.#hash = this.#open();
  }

  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }

  /** @returns the digest's 32 bytes; after it nothing can be added before {@link reset} */
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#open();
  }
}

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** What carries a client's requests. */
export type Transport = Pick<
  NodeHttpHandler,
  "metadata" | "handle" | "updateHttpClientConfig" | "httpHandlerConfigs"
>;

/** What all clients of one audit share. None of them is destroyed: that would cut the others' connections. */
export type ClientDefaults = {
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: number;
  /**
   * Has the SDK read the files of profiles again each time it needs credentials, and not only once per process: the
   * files may hold newer ones (`@smithy/core/config`, SharedConfigInit, November 2026).
   */
  readonly ignoreCache: true;
  readonly sha256: typeof Sha256;
};

/**
 * The agents of this process: a function that is invoked again finds its connections open, and leaves none behind. More
 * hosts than Node.js remembers TLS sessions of (100) have an audit of all regions: each region has some services.
 */
const agents = {
  http: new HttpAgent({ keepAlive: true, maxSockets: 1 }),
  https: new HttpsAgent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 1_000 }),
};

/** The agents, with room for so many connections to a host. They never have less than somebody asked for. */
function agentsFor(sockets: number): typeof agents {
  for (const agent of [agents.http, agents.https]) agent.maxSockets = Math.max(agent.maxSockets, sockets);
  return agents;
}

/**
 * The transport that all clients share: the agents of the process, sized to the concurrency, and time limits, of which the
 * SDK itself sets none (AWS SDK for JavaScript v3 developer guide, "HTTP considerations", November 2026).
 */
export function clientDefaults(concurrency: number, requestTimeoutMs: number): ClientDefaults {
  // Calls that are slow to be answered lend their slots to as many others.
  const { http, https } = agentsFor(2 * concurrency);
  return {
    requestHandler: new NodeHttpHandler({
      httpAgent: http,
      httpsAgent: https,
      connectionTimeout: Math.min(requestTimeoutMs, 5_000),
      requestTimeout: requestTimeoutMs,
      socketTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
    maxAttempts: 4,
    ignoreCache: true,
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
