import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Fault } from "../simulator/faults.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import type { Secret } from "../simulator/world.ts";
import { account, registry, secret, world } from "../simulator/world-builder.ts";
import { context } from "./context.ts";
import { HUB, REGION } from "./fleet.ts";
import { type Channel, openChannel, SECRET_PART, WEBHOOK } from "./slack/channel.ts";
import { digest, snsEvent } from "./slack/events.ts";
import { captureLog } from "./stdout.ts";

const SECRET = "pull-through-auditor/slack";

/** A hub with one secret, whose value is the webhook's URL by default. */
function startHub(parts: Partial<Secret> = {}, faults: readonly Fault[] = []): Promise<Simulator> {
  const secrets = [secret(SECRET, { value: WEBHOOK, ...parts })];
  return startSimulator(
    world({
      hub: { region: REGION, principal: "role" },
      accounts: [account(HUB, { regions: { [REGION]: registry([], { secrets }) } })],
      faults: [...faults],
    }),
  );
}

/** An event with message ids of its own, as no two messages have the same. */
function as(name: string, { Records }: ReturnType<typeof snsEvent>): ReturnType<typeof snsEvent> {
  return {
    Records: Records.map((record) => {
      return { ...record, Sns: { ...record.Sns, MessageId: `${name}-${record.Sns.MessageId}` } };
    }),
  };
}

/** A container in which nothing was invoked yet, and which waits for nobody. */
async function startContainer(
  simulator: Simulator,
  { fetch }: Pick<Channel, "fetch">,
  environment: Readonly<Record<string, string>> = { AUDIT_SLACK_SECRET: SECRET },
) {
  for (const [name, value] of Object.entries({ ...simulator.env, ...environment })) vi.stubEnv(name, value);
  vi.stubGlobal("fetch", fetch);
  vi.resetModules();
  vi.doMock("../../src/local/clock.ts", () => ({ systemClock: { sleep: async () => undefined } }));
  const { handler } = await import("../../functions/slack.ts");
  return (event: unknown) => handler(event, context);
}

beforeEach(() => () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.doUnmock("../../src/local/clock.ts");
});

function reads({ calls }: Simulator) {
  return calls.map(({ operation, region }) => `${operation} ${region}`);
}

describe("the Slack handler", () => {
  it("posts a digest to the channel, and logs that it did", async () => {
    await using simulator = await startHub();
    const channel = await openChannel();
    const log = captureLog();
    const invoke = await startContainer(simulator, channel);
    await invoke(snsEvent(digest));
    expect(channel.posts).toMatchObject([
      { url: WEBHOOK, message: { text: "pull-through-auditor: 1 high failing", unfurl_links: false } },
    ]);
    expect(log.lines()).toMatchObject([
      {
        level: "INFO",
        message: "Digest posted to Slack",
        messageId: "message-1",
        auditId: "2026-11-20T02-00-00Z-7f3a",
        function_request_id: context.awsRequestId,
      },
    ]);
  });

  it("reads the secret once, when it is first needed", async () => {
    await using simulator = await startHub();
    const channel = await openChannel();
    captureLog();
    const invoke = await startContainer(simulator, channel);
    await invoke(snsEvent("nothing for Slack"));
    expect(reads(simulator)).toEqual([]);
    await invoke(as("a", snsEvent(digest)));
    await invoke(as("b", snsEvent(digest, digest)));
    expect(reads(simulator)).toEqual([`GetSecretValue ${REGION}`]);
    expect(channel.posts).toHaveLength(3);
  });

  it("reads the secret in the region that its ARN names", async () => {
    await using simulator = await startHub();
    const AUDIT_SLACK_SECRET = `arn:aws:secretsmanager:eu-north-1:${HUB}:secret:slack-AbCdEf`;
    const invoke = await startContainer(simulator, await openChannel(), { AUDIT_SLACK_SECRET });
    captureLog();
    await expect(invoke(snsEvent(digest))).rejects.toThrow(
      `The secret ${AUDIT_SLACK_SECRET} could not be read`,
    );
    // The hub has not enabled this region: AWS does not accept its credentials, not even when they are read again.
    expect(reads(simulator)).toEqual(["GetSecretValue eu-north-1", "GetSecretValue eu-north-1"]);
  });

  it("reads the secret again after Slack refused the address, which may have been changed", async () => {
    await using simulator = await startHub({ value: WEBHOOK.replace("B0000", "B1111") });
    const channel = await openChannel({ status: 404, body: "no_service" });
    captureLog();
    const invoke = await startContainer(simulator, channel);
    await expect(invoke(snsEvent(digest))).rejects.toThrow("HTTP 404, no_service");
    for (const one of simulator.world.accounts[HUB]?.regions[REGION]?.secrets ?? []) one.value = WEBHOOK;
    await invoke(snsEvent(digest));
    expect(channel.posts.map(({ url }) => url)).toEqual([WEBHOOK.replace("B0000", "B1111"), WEBHOOK]);
  });

  it("keeps the address while Slack is only busy", async () => {
    await using simulator = await startHub();
    const channel = await openChannel({ status: 429, headers: { "retry-after": "60" } });
    captureLog();
    const invoke = await startContainer(simulator, channel);
    await expect(invoke(snsEvent(digest))).rejects.toMatchObject({ name: "SlackError", isFinal: false });
    await invoke(snsEvent(digest));
    expect(reads(simulator)).toHaveLength(1);
  });

  it("posts what it can of several digests, and when Lambda invokes it again only the others", async () => {
    await using simulator = await startHub();
    const channel = await openChannel({ status: 200, body: "ok" }, { status: 400, body: "invalid_payload" });
    const log = captureLog();
    const invoke = await startContainer(simulator, channel);
    const event = snsEvent(digest, digest, digest);
    await expect(invoke(event)).rejects.toThrow("HTTP 400, invalid_payload");
    expect(channel.posts).toHaveLength(3);
    await invoke(event);
    expect(channel.posts).toHaveLength(4);
    const posted = log.lines().filter(({ message }) => message === "Digest posted to Slack");
    expect(posted.map(({ messageId }) => messageId)).toEqual(["message-1", "message-3", "message-2"]);
  });

  it("ignores messages of others, says so, and posts the digests beside them", async () => {
    await using simulator = await startHub();
    const channel = await openChannel();
    const log = captureLog();
    const invoke = await startContainer(simulator, channel);
    await invoke(snsEvent('{"AlarmName":"disk full"}', digest));
    expect(channel.posts).toHaveLength(1);
    expect(log.lines()).toMatchObject([
      {
        level: "ERROR",
        message: "Message ignored: not a digest of pull-through-auditor",
        messageId: "message-1",
      },
      { level: "INFO", messageId: "message-2" },
    ]);
  });

  it.each([
    ["an event of somebody else", {}, "The event cannot be read"],
    [
      "a digest of a version to come",
      snsEvent(digest.replace('"schemaVersion":1', '"schemaVersion":2')),
      "The digest cannot be read",
    ],
  ])("throws for %s", async (_what, event, message) => {
    await using simulator = await startHub();
    const channel = await openChannel();
    captureLog();
    const invoke = await startContainer(simulator, channel);
    await expect(invoke(event)).rejects.toThrow(message);
    expect(channel.posts).toEqual([]);
  });

  it("throws if the name of the secret is not set", async () => {
    await using simulator = await startHub();
    const invoke = await startContainer(simulator, await openChannel(), { AUDIT_SLACK_SECRET: "" });
    await expect(invoke(snsEvent(digest))).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("AUDIT_SLACK_SECRET"),
    });
  });
});

const denied: Fault = {
  on: { operation: "GetSecretValue" },
  effect: { kind: "deny", by: "missing-permission" },
};

describe("the webhook's URL stays secret", () => {
  it.each([
    [
      "is no address of Slack",
      { value: WEBHOOK.replace("hooks.slack.com", "evil.example") },
      [],
      "WebhookAddressError",
    ],
    ["is broken JSON", { value: `{"url": "${WEBHOOK}` }, [], "WebhookAddressError"],
    ["may not be read", {}, [denied], "AccessDeniedException"],
    ["is being deleted", { deletedDate: "2026-11-20" }, [], "InvalidRequestException"],
    ["is not there", { name: "another" }, [], "ResourceNotFoundException"],
  ])("when the secret %s", async (_what, parts, faults, named) => {
    await using simulator = await startHub(parts, faults);
    const channel = await openChannel();
    const log = captureLog();
    const invoke = await startContainer(simulator, channel);
    const error: unknown = await invoke(snsEvent(digest)).catch((reason: unknown) => reason);
    expect(String(error)).toContain(named);
    expect(everythingSaid(error, log.lines())).not.toContain(SECRET_PART);
    expect(channel.posts).toEqual([]);
  });

  it.each([
    ["takes the message", { status: 200, body: "ok" }],
    ["quotes it", { status: 404, body: `no route /services/T0000/B0000/${SECRET_PART}` }],
    ["sends it elsewhere", { status: 302, headers: { location: WEBHOOK } }],
  ])("when Slack %s", async (_what, reply) => {
    await using simulator = await startHub();
    const log = captureLog();
    const invoke = await startContainer(simulator, await openChannel(reply));
    const error: unknown = await invoke(snsEvent(digest)).catch((reason: unknown) => reason);
    expect(everythingSaid(error, log.lines())).not.toContain(SECRET_PART);
  });

  it("when there is no Slack to be found", async () => {
    await using simulator = await startHub();
    const log = captureLog();
    const invoke = await startContainer(simulator, {
      fetch: () => Promise.reject(new TypeError(`Failed to parse URL from ${WEBHOOK}`)),
    });
    const error: unknown = await invoke(snsEvent(digest)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "SlackError" });
    expect(everythingSaid(error, log.lines())).not.toContain(SECRET_PART);
  });
});

/** All that can reach CloudWatch: the log's lines, and the error with what caused it. */
function everythingSaid(error: unknown, lines: readonly unknown[]): string {
  const causes: unknown[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    causes.push(cause.message, cause.stack, Object.values(cause));
  }
  return JSON.stringify([lines, causes]);
}
