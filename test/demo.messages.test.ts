import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { historyWith, recordOf } from "../src/audit/report/history.ts";
import { renderHtml } from "../src/formats/html/html.ts";
import { renderText } from "../src/formats/text/text.ts";
import { renderSlack } from "../src/notifiers/slack/slack.ts";
import { machineDigestSchema } from "../src/notifiers/sns/machine-schema.ts";
import { packageFile } from "../src/package-file.ts";
import type { AuditRecord } from "../src/schemas/history.ts";
import type { Report } from "../src/schemas/report.ts";
import { setStage } from "./e2e/support/stage.ts";
import { slackPage } from "./notifiers/slack/slack-page.ts";
import type { PublishedMessage } from "./simulator/services/sns.ts";
import { startClockAt } from "./simulator/shifted-date.ts";
import { demoWorld } from "./simulator/worlds/demo/index.ts";
import { changeDemoOrganization, changeDemoOrganizationAgain } from "./support/demo-nights.ts";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:pull-through-audit";

const chatSchema = z.object({
  content: z.object({ title: z.string(), description: z.string(), nextSteps: z.array(z.string()) }),
});

const DAY_MS = 86_400_000;

/** When the first night's audit begins: the dates in its messages are relative to it. */
const NOW = "2026-11-20T12:00:00Z";

/** What one night's audit tells the topic, as each kind of subscriber reads it, and its report to read. */
type Night = Readonly<Record<"subject" | "mail" | "chat" | "slack" | "text" | "page", string>>;

/** How long after the first night each audit begins, and what happened in the organization before it. */
const nightsAndChanges = [
  { name: "first", days: 0, change: () => undefined },
  { name: "second", days: 1, change: changeDemoOrganization },
  { name: "fourteenth", days: 13, change: changeDemoOrganizationAgain },
] as const;

/** Audits the demo's organization night by night. */
async function auditNights(store: string): Promise<readonly Night[]> {
  const environment = {
    AUDIT_POLICY: packageFile("demo/policy.json"),
    AUDIT_TOPIC_ARN: TOPIC,
    AUDIT_STORE: store,
  };
  await using stage = await setStage(demoWorld(new Date(NOW)), { environment });
  const { published, world } = stage.simulator;
  const nights: Night[] = [];
  let history: readonly AuditRecord[] = [];
  for (const { days, change } of nightsAndChanges) {
    using _clock = startClockAt(new Date(Date.parse(NOW) + days * DAY_MS).toISOString());
    change(world);
    const report = await stage.deliverReport();
    history = historyWith(history, recordOf(report, true, null));
    const message = published.findLast(({ topicArn }) => topicArn === TOPIC);
    if (message === undefined) throw new Error("nothing was published");
    nights.push(nightOf(message, report, history));
  }
  return nights;
}

function nightOf(
  { messages, subject = "" }: PublishedMessage,
  report: Report,
  history: readonly AuditRecord[],
): Night {
  const { content } = chatSchema.parse(JSON.parse(messages["https"] ?? ""));
  const steps = content.nextSteps.map((step) => `> ${step}`);
  return {
    mail: withoutTimes(messages["email"] ?? ""),
    chat: withoutTimes(`${[content.title, content.description, ...steps].join("\n\n")}\n`),
    subject,
    text: withoutTimes(renderText(report, { color: false, width: 80 })),
    page: withoutTimes(`${readable(renderHtml(report, history))}\n`),
    slack: withoutTimes(slackPage(renderSlack(machineDigestSchema.parse(JSON.parse(messages.default))))),
  };
}

/** What a reader reads of a page when every card is unfolded, but no row: a line for each block, and nothing of what is only for scripts. */
function readable(html: string): string {
  return html
    .replace(/<(script|style|form|svg)\b.*?<\/\1>/gs, "")
    .replace(/(<details class="row"[^>]*>.*?<\/summary>)<dl>.*?<\/dl>/gs, "$1")
    .replace(/<pre class="snippet">.*?<\/pre>/gs, "")
    .replaceAll(
      /<\/?(?:p|li|h\d|dt|summary|section|tr|div|dl|ol|ul|details|header|main|nav|table)\b[^>]*>/g,
      "\n",
    )
    .replaceAll(/<\/(?:td|th|dd|b|span|code|a)>/g, " ")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "" && line !== "Copy" && line !== "How to waive")
    .join("\n");
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
    nights = await auditNights(store);
  });

  afterAll(() => rm(store, { recursive: true }));

  const media = ["mail", "chat", "slack", "text", "page"] as const;
  const cases = nightsAndChanges.flatMap(({ name }, index) =>
    media.map((medium) => [name, medium, index] as const),
  );

  it.each(cases)("reads well in the %s night as %s", async (name, medium, index) => {
    await expect(nights[index]?.[medium]).toMatchFileSnapshot(`./demo.messages/${name}-${medium}.txt`);
  });

  it("tells in the second night what is new and what is mended", () => {
    const { mail = "", chat = "", slack = "" } = nights[1] ?? {};
    for (const message of [mail, chat, slack]) {
      expect(message).toContain("ROOT [new]");
      expect(message).toContain("RESOLVED");
      expect(message).not.toContain("first audit");
    }
  });

  it.each([
    [0, "first audit"],
    [1, "1 high, 2 medium new; 1 resolved"],
    [2, "new"],
  ])("says in the subject of night %i: %s", (index, words) => {
    expect(nights[index]?.subject).toContain(words);
    expect(nights[index]?.subject.length).toBeLessThan(100);
  });

  it.each(media)("says in %s whose each finding is", (medium) => {
    for (const night of nights) expect(night[medium]).toMatch(/Owner:?\S* .*(?:team-web|team-data)/s);
  });
});
