import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { renderSlack } from "../src/notifiers/slack/slack.ts";
import { machineDigestSchema } from "../src/notifiers/sns/machine-schema.ts";
import { packageFile } from "../src/package-file.ts";
import { setStage } from "./e2e/support/stage.ts";
import { slackPage } from "./notifiers/slack/slack-page.ts";
import type { PublishedMessage } from "./simulator/services/sns.ts";
import { demoWorld } from "./simulator/worlds/demo/index.ts";
import { startClockAt } from "./support/clock/shifted-date.ts";
import { changeDemoOrganization } from "./support/demo-nights.ts";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:pull-through-audit";

const chatSchema = z.object({
  content: z.object({ title: z.string(), description: z.string(), nextSteps: z.array(z.string()) }),
});

/** When the first night's audit begins: the dates in its messages are relative to it. */
const NOW = "2026-11-20T12:00:00Z";

/** What one night's audit tells the topic, as each kind of subscriber reads it. */
type Night = { readonly mail: string; readonly chat: string; readonly slack: string };

/** Audits the demo's organization in two nights; between them one rule is mended and a bad one is made. */
async function twoNights(store: string): Promise<readonly Night[]> {
  const environment = {
    AUDIT_POLICY: packageFile("demo/policy.json"),
    AUDIT_TOPIC_ARN: TOPIC,
    AUDIT_STORE: store,
  };
  using _clock = startClockAt(NOW);
  await using stage = await setStage(demoWorld(new Date()), { environment });
  await stage.deliverReport();
  changeDemoOrganization(stage.simulator.world);
  await stage.deliverReport();
  return stage.simulator.published.filter(({ topicArn }) => topicArn === TOPIC).map(nightOf);
}

function nightOf({ messages }: PublishedMessage): Night {
  const { content } = chatSchema.parse(JSON.parse(messages["https"] ?? ""));
  const steps = content.nextSteps.map((step) => `> ${step}`);
  return {
    mail: withoutTimes(messages["email"] ?? ""),
    chat: withoutTimes(`${[content.title, content.description, ...steps].join("\n\n")}\n`),
    slack: withoutTimes(slackPage(renderSlack(machineDigestSchema.parse(JSON.parse(messages.default))))),
  };
}

/** A message without what differs from one run to the next, and from one policy to the next. */
function withoutTimes(message: string): string {
  return message
    .replaceAll(/\S*\/audits\/\S*\/report\.(?:json|html)/g, "<report>")
    .replaceAll(/ \d\d:\d\d UTC/g, " <time> UTC")
    .replaceAll(/took \d+ m?s,/g, "took <duration>,")
    .replaceAll(/sha256:[0-9a-f]{12}/g, "<digest>")
    .replaceAll(/T\d{6}Z-[0-9a-f]{8}/g, "T<time and chance>");
}

describe("the demo's organization", () => {
  let store: string;
  let nights: readonly Night[];

  beforeAll(async () => {
    store = await mkdtemp(join(tmpdir(), "pull-through-"));
    nights = await twoNights(store);
  });

  afterAll(() => rm(store, { recursive: true }));

  it("is told of once each night", () => {
    expect(nights).toHaveLength(2);
  });

  it.each(["mail", "chat", "slack"] as const)("reads well as %s in the first night", async (medium) => {
    await expect(nights[0]?.[medium]).toMatchFileSnapshot(`./demo.messages/first-${medium}.txt`);
  });

  it.each(["mail", "chat", "slack"] as const)("reads well as %s in the second night", async (medium) => {
    await expect(nights[1]?.[medium]).toMatchFileSnapshot(`./demo.messages/second-${medium}.txt`);
  });

  it("tells in the second night what is new and what is mended", () => {
    const { mail, chat, slack } = nights[1] ?? { mail: "", chat: "", slack: "" };
    for (const message of [mail, chat, slack]) {
      expect(message).toContain("ROOT [new]");
      expect(message).toContain("RESOLVED");
      expect(message).not.toContain("first audit");
    }
  });
});
