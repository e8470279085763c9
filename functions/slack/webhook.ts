import type { Clock } from "../../src/audit/ports.ts";
import type { SlackMessage } from "../../src/notifiers/slack/slack.ts";

/** What posting needs from outside. */
export type WebhookPorts = {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** How long the function may still run, in milliseconds. */
  readonly timeLeft: () => number;
};

/** Slack did not take a message. Never holds the webhook's address, which is a password. */
export class SlackError extends Error {
  override readonly name = "SlackError";
  /** Whether the same message would be refused again at this address. */
  readonly isFinal: boolean;

  constructor(why: string, isFinal: boolean) {
    super(`Slack did not take the message: ${why}`);
    this.isFinal = isFinal;
  }
}

const requestTimeoutMs = 10_000;
const pausesMs = [1_000, 3_000, 9_000];

/** The most that is read of an answer: Slack's own are one word. */
const mostBytes = 4_096;

/** What Slack asks for beyond this is left to Lambda, which invokes again after a minute or more. */
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
 * Posts a message to an incoming webhook. Waits as Slack asks when it is too much (429), and tries again what
 * may pass: 5xx answers, and no answer. What Slack took by its status is taken, whatever becomes of the rest of its
 * answer. A wait for which there is no time is left to Lambda.
 *
 * Source: Slack developer documentation, "Rate limits" and "Sending messages using incoming webhooks",
 * November 2026.
 *
 * @throws SlackError when the message was not taken in the end
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
      // The address is a password: no other host may be told it.
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

/** The beginning of an answer's body, of which the rest is not read; none where it broke off. */
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
    // What was cut off may be another word. The status says enough.
    return "";
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString("utf8");
}

/** Closes an answer that nobody reads. */
function discard({ body }: Response): void {
  body?.cancel().catch(() => undefined);
}

/** Slack says why in one word, such as `invalid_payload`; anything else might quote the request. */
function codeIn(body: string): string | null {
  return /^[a-z_]{1,60}$/.exec(body.trim())?.[0] ?? null;
}

function secondsIn(header: string | null): number | null {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : null;
}

/** The network's own code, such as `ECONNRESET`: messages of `fetch` may name the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  const { cause } = error;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : error.name;
  return `no answer (${String(code)})`;
}
