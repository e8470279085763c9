import { Readable } from "node:stream";
import { currentCredentials } from "./caller.ts";

/** One attempt of a call to AWS. It holds no header, body or query, which may hold secrets. */
export type Attempt = {
  /** The operation, such as `AssumeRole`, or the method and the path of a REST call. */
  readonly operation: string;
  readonly host: string;
  /** The role that the call is made as, or that it assumes; `null` for the auditor's own credentials. */
  readonly role: string | null;
  /** Which attempt it is, such as `1 of 4`; `null` if the SDK does not say. */
  readonly attempt: string | null;
  /** The status with the code of the error, such as `400 ThrottlingException`, or why there is no answer. */
  readonly answer: string;
  readonly requestId: string | null;
  readonly milliseconds: number;
};

type Watcher = (attempt: Attempt) => void;

const watchers = new Set<Watcher>();

/** Calls `watcher` after each attempt of each call. @returns a function that ends this */
export function watchCalls(watcher: Watcher): () => void {
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
  };
}

/** Describes an attempt as one line. */
export function attemptText({ operation, host, role, attempt, answer, requestId, ...rest }: Attempt): string {
  const as = role === null ? "" : ` (${role})`;
  const which = attempt === null ? "" : `, attempt ${attempt}`;
  const id = requestId === null ? "" : `, request id ${requestId}`;
  return `${operation} at ${host}${as}${which}: ${answer}, ${rest.milliseconds} ms${id}`;
}

/** The parts of a request that are looked at. */
type Request = {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** The parts of an answer that are looked at. The body of an error is replaced by one that can be read again. */
type Answered = {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    body?: unknown;
  };
};

/** Makes one attempt with `send`, and tells the watchers how it ended. Without watchers nothing is looked at. */
export async function watched<Answer extends Answered>(
  request: Request,
  send: () => Promise<Answer>,
): Promise<Answer> {
  if (watchers.size === 0) return send();
  const startedAt = performance.now();
  const tell = (answer: string, requestId: string | null): void => {
    const milliseconds = Math.round(performance.now() - startedAt);
    for (const watcher of watchers) watcher({ ...partsOf(request), answer, requestId, milliseconds });
  };
  try {
    const answered = await send();
    const { statusCode, headers } = answered.response;
    const code = statusCode < 400 ? "" : ` ${await errorCodeIn(answered)}`;
    tell(`${statusCode}${code}`.trim(), headers["x-amzn-requestid"] ?? headers["x-amz-request-id"] ?? null);
    return answered;
  } catch (error) {
    tell(error instanceof Error ? `no answer (${error.name})` : "no answer", null);
    throw error;
  }
}

function partsOf({ method, hostname, path, headers, body }: Request) {
  const query = new URLSearchParams(typeof body === "string" ? body : "");
  const target = headers["x-amz-target"]?.split(".").at(-1) ?? query.get("Action");
  const [, attempt, most] = /attempt=(\d+)(?:; max=(\d+))?/.exec(headers["amz-sdk-request"] ?? "") ?? [];
  return {
    operation: target ?? `${method} ${path}`,
    host: hostname,
    role: query.get("RoleArn") ?? roleOfCaller(),
    attempt: attempt === undefined ? null : `${attempt}${most === undefined ? "" : ` of ${most}`}`,
  };
}

function roleOfCaller(): string | null {
  const credentials = currentCredentials();
  if (credentials === undefined || !("roleArn" in credentials)) return null;
  return typeof credentials.roleArn === "string" ? credentials.roleArn : null;
}

/** The code of an error: JSON protocols say it in a header or the body, XML protocols in the body. */
async function errorCodeIn({ response }: Answered): Promise<string> {
  const said = response.headers["x-amzn-errortype"];
  if (said !== undefined) return /[\w.]+/.exec(said)?.[0] ?? "";
  if (!(response.body instanceof Readable)) return "";
  const chunks: Buffer[] = [];
  for await (const chunk of response.body) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  response.body = Readable.from([body]);
  const found = /"(?:__type|code)"\s*:\s*"(?:[^"#]*#)?([\w.]+)|<Code>([\w.]+)</.exec(body.toString());
  return found?.[1] ?? found?.[2] ?? "";
}
