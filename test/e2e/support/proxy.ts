import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import { localhostCertificate, localhostKey } from "../../aws/localhost-certificate.ts";

/** A proxy that forwards whatever it is asked for to one place, so that names need not exist. */
export type ForwardProxy = AsyncDisposable & {
  /** Its address, with the user and password that it demands. */
  readonly url: string;
  /** The address without them. */
  readonly host: string;
  /** What it was asked for: `CONNECT host:port`, or a method and an absolute URL without its query. */
  readonly asked: string[];
  /** Where it forwards to. */
  target: string;
  /** The status with which it refuses everything; null: it refuses nothing. */
  refusal: number | null;
  /** Answers a request itself, unless it returns null. */
  answer: (url: URL) => unknown;
};

const user = "audit";
const password = "a secret";
const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** Starts an HTTP proxy: `CONNECT` for https, absolute URLs for http. It refuses callers without its password. */
export async function startProxy(): Promise<ForwardProxy> {
  const server = createServer();
  const port = await portOf(server);
  const proxy: ForwardProxy = {
    url: `http://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    asked: [],
    target: "",
    refusal: null,
    answer: () => null,
    [Symbol.asyncDispose]: () => closed(server),
  };
  const refusalOf = ({ headers }: IncomingMessage): number | null =>
    headers["proxy-authorization"] === authorization ? proxy.refusal : 407;

  server.on("request", (message: IncomingMessage, response: ServerResponse) => {
    const url = new URL(message.url ?? "");
    proxy.asked.push(`${message.method} ${url.origin}${url.pathname}`);
    const refusal = refusalOf(message);
    if (refusal !== null) {
      response.writeHead(refusal).end("<html>refused</html>");
      return;
    }
    const own = proxy.answer(url);
    if (own !== null) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(own));
      return;
    }
    forward(message, response, url, proxy.target);
  });
  server.on("connect", (message: IncomingMessage, socket: Duplex) => {
    proxy.asked.push(`CONNECT ${message.url}`);
    const refusal = refusalOf(message);
    if (refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\n\r\n`);
      return;
    }
    const { hostname, port: targetPort } = new URL(proxy.target);
    const upstream = connect(Number(targetPort), hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    });
    joined(socket, upstream);
  });
  return proxy;
}

function forward(message: IncomingMessage, response: ServerResponse, url: URL, target: string): void {
  const { method, headers } = message;
  const options = { method: method ?? "GET", headers, path: `${url.pathname}${url.search}` };
  const forwarded = request(target, options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.on("error", () => response.destroy());
  message.pipe(forwarded);
}

/** Serves a plain HTTP server by TLS too, with a certificate for `localhost` that nobody trusts by default. */
export async function serveByTls(target: string): Promise<AsyncDisposable & { readonly url: string }> {
  const { hostname, port: targetPort } = new URL(target);
  const server = createTlsServer({ key: localhostKey, cert: localhostCertificate }, (socket) => {
    joined(socket, connect(Number(targetPort), hostname));
  });
  const port = await portOf(server);
  return { url: `https://localhost:${port}`, [Symbol.asyncDispose]: () => closed(server) };
}

function joined(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
}

const open = new WeakMap<Server, Set<Duplex>>();

async function portOf(server: Server): Promise<number> {
  const sockets = new Set<Duplex>();
  open.set(server, sockets);
  server.on("connection", (socket: Duplex) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

async function closed(server: Server): Promise<void> {
  for (const socket of open.get(server) ?? []) socket.destroy();
  server.close();
  await once(server, "close");
}
