import { createHash, createHmac, createSecretKey, type Hash, type Hmac } from "node:crypto";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { watched } from "./call-log.ts";
import { defaultRegionOf, type Network, networkOf, trustedBy } from "./network.ts";

type SourceData = string | ArrayBuffer | ArrayBufferView;

/**
 * SHA-256, or its HMAC, for the SDK's signatures. It uses Node.js like the SDK's own class, but passes the key as a
 * `KeyObject`. Node.js 24 needs longer to check that another value is not a `KeyObject` than to compute the digest, and
 * each signed call computes several.
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

  /** @returns the 32 bytes of the digest; call {@link reset} before adding more data */
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

/** Sends requests, and tells the watchers of calls how each ended. */
class WatchedHandler extends NodeHttpHandler {
  override handle(...sent: Parameters<NodeHttpHandler["handle"]>): ReturnType<NodeHttpHandler["handle"]> {
    return watched(sent[0], () => super.handle(...sent));
  }
}

/** The HTTP handler of a client. */
export type Transport = Pick<
  NodeHttpHandler,
  "metadata" | "handle" | "updateHttpClientConfig" | "httpHandlerConfigs"
>;

/** The settings that all clients of an audit share. Clients are not destroyed: that would close shared connections. */
export type ClientDefaults = {
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: number;
  /**
   * Has the SDK read the files of profiles again each time it needs credentials, and not only once per process: the
   * files may hold newer ones (`@smithy/core/config`, SharedConfigInit, November 2026).
   */
  readonly ignoreCache: true;
  /** Present if only `AWS_DEFAULT_REGION` says it: the SDK reads no other variable than `AWS_REGION`. */
  readonly region?: string;
  /**
   * The SDK's providers of credentials hand it to the clients that they open. That of IAM Identity Center opens its
   * clients without the transport of the client that it serves (`@aws-sdk/credential-provider-sso`, November 2026).
   */
  readonly clientConfig: { readonly requestHandler: NodeHttpHandler };
  readonly sha256: typeof Sha256;
};

/**
 * The agents of this process. A warm function reuses open connections and leaks none. An audit of all regions contacts
 * more hosts than Node.js caches TLS sessions for (100), because each region has several services.
 */
const agentsByNetwork = new Map<string, Agents>();

type Agents = { readonly http: HttpAgent; readonly https: HttpsAgent };

function openAgents({ proxies, caBundle }: Network): Agents {
  const proxyEnv = Object.keys(proxies).length === 0 ? {} : { proxyEnv: proxies };
  const usual = { keepAlive: true, maxSockets: 1, ...proxyEnv };
  const secureContext = caBundle === null ? {} : { secureContext: trustedBy(caBundle) };
  return {
    http: new HttpAgent(usual),
    https: new HttpsAgent({ ...usual, maxCachedSessions: 1_000, ...secureContext }),
  };
}

/** The agents, with at least this many connections for each host. The limit never decreases. */
function agentsFor(network: Network, sockets: number): Agents {
  const key = JSON.stringify(network);
  const agents = agentsByNetwork.get(key) ?? openAgents(network);
  agentsByNetwork.set(key, agents);
  for (const agent of [agents.http, agents.https]) agent.maxSockets = Math.max(agent.maxSockets, sockets);
  return agents;
}

/**
 * The transport that all clients share: the agents of the process, sized for the concurrency, and time limits. The SDK
 * itself sets no time limits (AWS SDK for JavaScript v3 developer guide, "HTTP considerations", November 2026). The proxies,
 * certificates and region of the environment apply as they do to the AWS CLI.
 *
 * @throws CannotStartError if the proxies or certificates of the environment cannot be used
 */
export function clientDefaults(concurrency: number, requestTimeoutMs: number): ClientDefaults {
  // Calls without a timely answer lend their slots to as many others.
  const { http, https } = agentsFor(networkOf(process.env), 2 * concurrency);
  const region = defaultRegionOf(process.env);
  const requestHandler = new WatchedHandler({
    httpAgent: http,
    httpsAgent: https,
    connectionTimeout: Math.min(requestTimeoutMs, 5_000),
    requestTimeout: requestTimeoutMs,
    socketTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
  });
  return {
    requestHandler,
    clientConfig: { requestHandler },
    maxAttempts: 4,
    ignoreCache: true,
    sha256: Sha256,
    ...(region === null ? {} : { region }),
  };
}

/** A transport that aborts current and later requests once the signal aborts. */
export function stoppable(transport: NodeHttpHandler, signal: AbortSignal): Transport {
  return {
    metadata: transport.metadata,
    handle: (request, options) => transport.handle(request, { ...options, abortSignal: signal }),
    updateHttpClientConfig: (key, value) => transport.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => transport.httpHandlerConfigs(),
  };
}
