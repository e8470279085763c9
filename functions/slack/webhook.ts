import type { Clock } from "../../src/audit/ports.ts";
import type { SlackMessage } from "../../src/notifiers/slack/slack.ts";

/** What posting needs from outside. */
export type WebhookPorts = {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** How long the function may still run, in milliseconds. */
  readonly timeLeft: () => number;
};

/** Slack did not accept a message. Never contains the webhook's URL, which is a secret. */
export class SlackError extends Error {
  override readonly name = "SlackError";
  /** Whether Slack would reject the same message at this URL again. */
  readonly isFinal: boolean;

  constructor(why: string, isFinal: boolean) {
    super(`Slack did not accept the message: ${why}`);
    this.isFinal = isFinal;
  }
}

const requestTimeoutMs = 10_000;
const pausesMs = [1_000, 3_000, 9_000];

/** The maximum number of bytes read from a response: Slack's responses are one word. */
const mostBytes = 4_096;

/** A longer pause is left to Lambda, which invokes the function again after a minute or more. */
const longestPauseMs = 30_000;

type Answer =
  | { readonly isPosted: true }
  | {
      readonly isPosted: false;
      readonly why: string;
      readonly isFinal: boolean;
      readonly retryAfterMs: number | null;
    };

/**
 * Posts a message to an incoming webhook. Retries when throttled (429), after the pause that Slack requests, on 5xx
 * responses, and without a response. A success status counts, even if the rest of the response is lost. A pause that
 * there is no time for is left to Lambda.
 *
 * Source: Slack developer documentation, "Rate limits" and "Sending messages using incoming webhooks",
 * November 2026.
 *
 * @throws SlackError if the message was not accepted after all retries
 */
export async function postToSlack(webhook: URL, message: SlackMessage, ports: WebhookPorts): Promise<void> {
  for (const usualPause of [...pausesMs, null]) {
    const answer = await post(webhook, message, ports);
    if (answer.isPosted) return;
    const pause = usualPause === null ? null : (answer.retryAfterMs ?? usualPause);
    const isTooLong = pause === null || pause > longestPauseMs || pause + requestTimeoutMs > ports.timeLeft();
    if (answer.isFinal || isTooLong) {
      throw new SlackError(answer.why, answer.isFinal);
    }
    await ports.clock.sleep(pause);
  }
}

async function post(webhook: URL, message: SlackMessage, { fetch }: WebhookPorts): Promise<Answer> {
  try {
    const response = await fetch(webhook, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(message),
      // The URL is a secret: do not follow redirects to other hosts.
      redirect: "manual",
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    if (response.ok) {
      discard(response);
      return { isPosted: true };
    }
    const said = codeIn(await beginningOf(response));
    const { status } = response;
    return {
      isPosted: false,
      why: said === null ? `HTTP ${status}` : `HTTP ${status}, ${said}`,
      isFinal: status !== 429 && status < 500,
      retryAfterMs: secondsIn(response.headers.get("retry-after")),
    };
  } catch (error) {
    return { isPosted: false, why: reasonOf(error), isFinal: false, retryAfterMs: null };
  }
}

/** The beginning of a response's body; empty if the response broke off. The rest is not read. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      // Leaving the loop closes the connection.
      if (bytes >= mostBytes) break;
    }
  } catch {
    // A truncated text may be another word. The status is enough.
    return "";
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString("utf8");
}

/** Closes a response without reading it. */
function discard({ body }: Response): void {
  body?.cancel().catch(() => undefined);
}

/** Slack's error code, such as `invalid_payload`. Any other text is ignored, because it might quote the request. */
function codeIn(body: string): string | null {
  return /^[a-z_]{1,60}$/.exec(body.trim())?.[0] ?? null;
}

function secondsIn(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : null;
}

/** The network error code, such as `ECONNRESET`. Messages of `fetch` are not used, because they may contain the URL. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  const { cause } = error;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : error.name;
  return `no answer (${String(code)})`;
}
