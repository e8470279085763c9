import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Dispatcher } from "./dispatcher.ts";
import { FaultBoard } from "./fault-board.ts";
import { KeyRing, type SessionCredentials, type UserCredentials, userCredentials } from "./key-ring.ts";
import type { RecordedCall } from "./ledger.ts";
import { emptyMemory, type Memory } from "./memory.ts";
import { readRequest } from "./wire/http.ts";
import type { World } from "./world.ts";
import { refuseImpossibleWorld } from "./world-check.ts";

/** Options for starting a simulator. */
export interface SimulatorOptions {
  /** The port; a free one by default. */
  readonly port?: number;
  /** Whether to record {@link Simulator.calls}; true by default. Benchmarks turn it off. */
  readonly recordCalls?: boolean;
  /** The clock for session expiry and creation dates; the real time by default. */
  readonly clock?: () => Date;
}

/** A running simulator, with everything that was sent to it. */
export interface Simulator extends AsyncDisposable, Omit<Memory, "validations"> {
  readonly url: string;
  /** The environment with which the unmodified AWS SDK reaches the simulator as the hub account. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * What sets the environment apart if the hub is a role whose credentials come from a container's endpoint: each
   * request opens a new session.
   */
  readonly containerEnv: Readonly<Record<string, string | undefined>>;
  readonly calls: readonly RecordedCall[];
  /** The number of requests, and of those with an error or no answer; kept even if calls are not recorded. */
  readonly figures: Readonly<Figures>;
  /** The current world. The next call sees any change to it. */
  readonly world: World;
  /** Long-lived keys of any account, to read the world without assuming a role. */
  credentialsOf(accountId: string): UserCredentials;
  /** Closes all connections and releases the port. */
  close(): Promise<void>;
}

interface Figures {
  requests: number;
  inVain: number;
  /** When the first request came in, in milliseconds since 1970; null before that. */
  firstRequestAt: number | null;
}

const LOOPBACK = "127.0.0.1";
const CONTAINER_CREDENTIALS = "/container-credentials";
const HUB_SESSION_MILLISECONDS = 12 * 3_600_000;

/** Starts a simulator of a world on the loopback interface. */
export async function startSimulator(world: World, options: SimulatorOptions = {}): Promise<Simulator> {
  refuseImpossibleWorld(world);
  const { clock = () => new Date(), recordCalls = true, port = 0 } = options;
  const calls: RecordedCall[] = [];
  const { validations, ...sent } = emptyMemory();
  const keys = new KeyRing(world);
  const dispatcher = new Dispatcher({
    world,
    memory: { ...sent, validations },
    keys,
    faults: new FaultBoard(world),
    clock,
    record: (call) => {
      if (recordCalls) calls.push(call);
    },
  });
  const figures: Figures = { requests: 0, inVain: 0, firstRequestAt: null };
  const listener = await listen(port, async (message, response) => {
    if (message.url === CONTAINER_CREDENTIALS) return hubCredentials(response, world, keys, clock());
    figures.requests += 1;
    figures.firstRequestAt ??= Date.now();
    if (!(await respond(dispatcher, message, response))) figures.inVain += 1;
  });
  return {
    ...sent,
    url: listener.url,
    env: hubEnvironment(listener.url, world, keys, clock()),
    containerEnv: {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_SESSION_TOKEN: undefined,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${listener.url}${CONTAINER_CREDENTIALS}`,
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    },
    calls,
    figures,
    world,
    credentialsOf: userCredentials,
    close: listener.close,
    [Symbol.asyncDispose]: listener.close,
  };
}

type Listener = Pick<Simulator, "url" | "close">;
type Respond = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

async function listen(port: number, respondTo: Respond): Promise<Listener> {
  const server = createServer((message, response) => {
    // An interrupted request has no client to answer.
    respondTo(message, response).catch(() => message.destroy());
  });
  // Node's default limit of five seconds could close a connection just as a client reuses it.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, LOOPBACK, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The simulator got no port.");
  const close = async () => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${LOOPBACK}:${address.port}`, close };
}

/** Answers a request unless it must hang. @returns whether the answer was a success */
async function respond(
  dispatcher: Dispatcher,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const outcome = await dispatcher.dispatch(await readRequest(message));
  if (outcome === "hang") return false;
  if (outcome === "reset-connection") {
    message.socket.resetAndDestroy();
    return false;
  }
  response.writeHead(outcome.status, {
    "content-length": Buffer.byteLength(outcome.body),
    ...outcome.headers,
  });
  response.end(message.method === "HEAD" ? undefined : outcome.body);
  return outcome.status < 400;
}

function openHubSession({ hub: { accountId } }: World, keys: KeyRing, now: Date): SessionCredentials {
  const expiration = new Date(now.getTime() + HUB_SESSION_MILLISECONDS);
  return keys.openSession({ accountId, roleName: "hub", sessionName: "lambda", expiration });
}

/**
 * Answers as a container's endpoint for credentials.
 * Source: AWS SDKs and Tools Reference Guide, "Container credential provider", November 2026.
 */
async function hubCredentials(
  response: ServerResponse,
  world: World,
  keys: KeyRing,
  now: Date,
): Promise<void> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = openHubSession(world, keys, now);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: expiration.toISOString(),
    }),
  );
}

function hubEnvironment(url: string, world: World, keys: KeyRing, now: Date): Record<string, string> {
  const { accountId, region, principal } = world.hub;
  const credentials: UserCredentials & Partial<SessionCredentials> =
    principal === "user" ? userCredentials(accountId) : openHubSession(world, keys, now);
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
