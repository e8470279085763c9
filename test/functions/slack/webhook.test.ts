import { describe, expect, it, vi } from "vitest";
import { postToSlack, SlackError } from "../../../functions/slack/webhook.ts";
import type { SlackMessage } from "../../../src/notifiers/slack/slack.ts";
import { openChannel, type Reply, SECRET_PART, WEBHOOK } from "./channel.ts";

const message: SlackMessage = { text: "One < two", blocks: [], unfurl_links: false, unfurl_media: false };

/** Posts to a channel with these replies. Returns the outcome, the number of attempts and the pauses. */
async function post(...replies: readonly Reply[]) {
  return postWithin(Number.POSITIVE_INFINITY, ...replies);
}

/** The same with a limited run time, of which only pauses take any. */
async function postWithin(left: number, ...replies: readonly Reply[]) {
  const { fetch, posts, sent } = await openChannel(...replies);
  const pauses: number[] = [];
  const clock = {
    now: () => new Date(0),
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
    },
  };
  const timeLeft = () => left - pauses.reduce((sum, pause) => sum + pause, 0);
  const error = await postToSlack(new URL(WEBHOOK), message, { fetch, clock, timeLeft }).catch(
    (reason: unknown) => reason,
  );
  return { error, posts, pauses, sent };
}

const busy = (seconds: string): Reply => ({ status: 429, headers: { "retry-after": seconds } });
const down: Reply = { status: 500, body: "rollup_error" };

describe("postToSlack", () => {
  it("posts the message as JSON to the webhook", async () => {
    const { error, posts, pauses } = await post();
    expect(error).toBeUndefined();
    expect(posts).toEqual([{ url: WEBHOOK, type: "application/json; charset=utf-8", message }]);
    expect(pauses).toEqual([]);
  });

  it("waits as long as Slack asks", async () => {
    const { error, posts, pauses } = await post(busy("7"), busy("30"), busy("0"));
    expect(error).toBeUndefined();
    expect(posts).toHaveLength(4);
    expect(pauses).toEqual([7_000, 30_000, 0]);
  });

  it("leaves a wait of more than half a minute to Lambda", async () => {
    const { error, posts, pauses } = await post(busy("31"));
    expect(error).toMatchObject({ name: "SlackError", isFinal: false });
    expect(posts).toHaveLength(1);
    expect(pauses).toEqual([]);
  });

  it.each(["soon", "", "-1", "1.5"])("takes its own pause when Slack asks for %j", async (seconds) => {
    const { error, pauses } = await post(busy(seconds));
    expect(error).toBeUndefined();
    expect(pauses).toEqual([1_000]);
  });

  it.each<readonly [string, Reply]>([
    ["an error of Slack's", down],
    ["a gateway without Slack", { status: 503, body: "<html>Service Unavailable</html>" }],
    ["a connection that breaks", "hang up"],
  ])("outlasts %s", async (_what, reply) => {
    const { error, posts, pauses } = await post(reply, reply, reply);
    expect(error).toBeUndefined();
    expect(posts).toHaveLength(4);
    expect(pauses).toEqual([1_000, 3_000, 9_000]);
  });

  it.each<readonly [string, Reply, string]>([
    ["errors", down, "Slack did not accept the message: HTTP 500, rollup_error"],
    ["too much", busy("1"), "Slack did not accept the message: HTTP 429"],
    ["no answer", "hang up", "Slack did not accept the message: no answer (UND_ERR_SOCKET)"],
  ])("gives up after four posts with %s, and says why", async (_what, reply, message) => {
    const { error, posts } = await post(reply, reply, reply, reply);
    expect(error).toBeInstanceOf(SlackError);
    expect(error).toMatchObject({ message, isFinal: false });
    expect(posts).toHaveLength(4);
  });

  it.each<readonly [number, string, string]>([
    [400, "invalid_payload", "HTTP 400, invalid_payload"],
    [403, "action_prohibited", "HTTP 403, action_prohibited"],
    [404, "no_service", "HTTP 404, no_service"],
    [410, "channel_is_archived", "HTTP 410, channel_is_archived"],
    [404, `Cannot POST /services/T0000/B0000/${SECRET_PART}`, "HTTP 404"],
    [400, "x".repeat(100_000), "HTTP 400"],
  ])("does not repeat what is refused with %i %.20s", async (status, body, why) => {
    const { error, posts } = await post({ status, body });
    expect(error).toMatchObject({ message: `Slack did not accept the message: ${why}`, isFinal: true });
    expect(posts).toHaveLength(1);
  });

  it.each<readonly [string, Reply]>([
    ["whose answer breaks off", { status: 200, breaksAfter: "o" }],
    ["whose answer does not end", { status: 200, hangsAfter: "o" }],
    ["that it answers at length", { status: 200, endless: true }],
  ])("posts a message once that Slack took, %s", async (_what, reply) => {
    const { error, posts } = await post(reply);
    expect(error).toBeUndefined();
    expect(posts).toHaveLength(1);
  });

  it("reads no more of a response than the reason, and closes it", async () => {
    const { error, posts, sent } = await post({ status: 400, endless: true });
    expect(error).toMatchObject({ message: "Slack did not accept the message: HTTP 400", isFinal: true });
    expect(posts).toHaveLength(1);
    await vi.waitUntil(() => sent().closed === 1);
    // What the system keeps on the way is much more than what is read.
    expect(sent().bytes).toBeLessThan(32 * 1024 * 1024);
  });

  it("reports the status of a refusal whose response breaks off", async () => {
    const { error, posts } = await post({ status: 404, breaksAfter: "no_serv" });
    expect(error).toMatchObject({ message: "Slack did not accept the message: HTTP 404", isFinal: true });
    expect(posts).toHaveLength(1);
  });

  it("waits for no more than the function's time allows, and leaves the rest to Lambda", async () => {
    const { error, posts, pauses } = await postWithin(45_000, busy("30"), busy("20"));
    expect(error).toMatchObject({ message: "Slack did not accept the message: HTTP 429", isFinal: false });
    expect(posts).toHaveLength(2);
    expect(pauses).toEqual([30_000]);
  });

  it("follows no redirect, which would reveal the URL", async () => {
    const { error, posts } = await post({ status: 307, headers: { location: "/elsewhere" } });
    expect(error).toMatchObject({ message: "Slack did not accept the message: HTTP 307", isFinal: true });
    expect(posts).toHaveLength(1);
  });

  it("gives up an answer that takes longer than ten seconds", async () => {
    const timeout = vi
      .spyOn(AbortSignal, "timeout")
      .mockReturnValue(AbortSignal.abort(new DOMException("late", "TimeoutError")));
    const { error, posts } = await post();
    expect(error).toMatchObject({ message: "Slack did not accept the message: no answer (TimeoutError)" });
    expect(timeout).toHaveBeenCalledWith(10_000);
    expect(posts).toEqual([]);
    timeout.mockRestore();
  });
});
