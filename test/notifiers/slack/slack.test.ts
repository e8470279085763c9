import { describe, expect, test } from "vitest";
import { byteLength } from "../../../src/core/bytes.ts";
import { renderSlack, type SlackMessage } from "../../../src/notifiers/slack/slack.ts";
import { machineDigest } from "../../../src/notifiers/sns/machine.ts";
import { machineDigestSchema } from "../../../src/notifiers/sns/machine-schema.ts";
import type { DeliveryOptions } from "../../../src/render/words.ts";
import type { Report } from "../../../src/schemas/report.ts";
import { fleet, fortyFindings } from "../../render/fleet.ts";
import { hostileReport } from "../../render/hostile-report.ts";
import { hostileRows, unprintable } from "../../render/hostile-texts.ts";
import { MANY_FINDINGS, overwhelming } from "../../render/overwhelming.ts";
import { aDrift, aFinding, aReport } from "../../support/report-builders.ts";
import { slackPage, slackTexts, textsOf } from "./slack-page.ts";

/** The message that a subscriber makes of what SNS brings it. */
function messageOf(report: Report, options: Partial<DeliveryOptions> = {}): SlackMessage {
  const delivered = machineDigest(report, {
    reportLocation: "s3://audits/2026/11/20/report.json",
    ...options,
  });
  return renderSlack(machineDigestSchema.parse(JSON.parse(delivered)));
}

function pageOf(report: Report, options: Partial<DeliveryOptions> = {}): string {
  return slackPage(messageOf(report, options));
}

describe("a Slack message", () => {
  test("reads well", async () => {
    await expect(pageOf(fleet())).toMatchFileSnapshot("snapshots/slack.txt");
  });

  test("reads well after a compliant audit", async () => {
    await expect(pageOf(aReport())).toMatchFileSnapshot("snapshots/slack-compliant.txt");
  });

  test("shows in a notification what the header says", () => {
    const { text, blocks } = messageOf(fleet());
    expect(text).toBe(
      "pull-through-auditor: 1 critical, 2 high new; 1 resolved; 20 failing; 41 registries with gaps",
    );
    expect(blocks[0]).toEqual({ type: "header", text: { type: "plain_text", text, emoji: false } });
  });

  test("lists new, resolved, reminded and known problems, each worst first", () => {
    const parts = pageOf(fleet()).match(/\*(CRITICAL|HIGH|LOW|RESOLVED)\*|Still failing since/g);
    expect(parts).toEqual([
      "*CRITICAL*",
      "*HIGH*",
      "*RESOLVED*",
      "*HIGH*",
      "Still failing since",
      "*HIGH*",
      "*LOW*",
    ]);
    const findings = [
      aFinding({ id: "known", check: "a", title: "Known", transition: "unchanged" }),
      aFinding({ id: "new", check: "b", title: "New", transition: "opened" }),
    ];
    expect(pageOf(aReport({ findings })).match(/\*(New|Known)\*/g)).toEqual(["*New*", "*Known*"]);
  });

  test("counts new, resolved and still failing findings", () => {
    expect(pageOf(fleet())).toContain(
      "*New or changed* 3 | *Resolved* 1 | *Still failing* 17 | *Reminders* 1",
    );
  });

  test("counts nothing as new without a previous audit", () => {
    const page = pageOf(aReport({ findings: fortyFindings() }));
    expect(page).not.toMatch(/New or changed|first seen|\[new\]|Still failing/);
    expect(page).toContain("40 findings in 40 accounts");
    expect(page).toContain("\u2022 and 35 more accounts");
  });

  test("says that an audit was the first", () => {
    expect(pageOf(aReport({ baseline: true }))).toContain("This was the first audit");
    expect(pageOf(aReport())).not.toContain("first audit");
  });

  test("says that fewer registries were covered than before", () => {
    const { coverage } = aReport();
    const dropped = { ...coverage, planned: 13, unreachable: 1, dropped: true };
    expect(pageOf(aReport({ coverage: dropped }))).toContain(
      "*Not fully covered: 1 of 13 registries, more than in the previous audit*",
    );
    expect(pageOf(aReport({ coverage: dropped, baseline: true }))).toContain(
      "*Not fully covered: 1 of 13 registries*",
    );
  });

  test("contains the location of the full report, or that it was not stored", () => {
    const page = pageOf(aReport());
    expect(page).toContain(
      "Full report: `https://console.aws.amazon.com/s3/object/audits?prefix=2026/11/20/report.html`",
    );
    expect(page).toContain("`aws s3 cp s3://audits/2026/11/20/report.html .`");
    expect(pageOf(aReport(), { reportLocation: null })).toContain("The full report was not stored.");
  });

  test("lists five changed rules, and counts all", () => {
    const drift = Array.from({ length: 7 }, (_, index) => aDrift({ prefix: `team-${index}` }));
    const page = pageOf(aReport({ drift }));
    expect(page).toContain("*Changed rules: 7*");
    expect(page.match(/team-\d/g)).toHaveLength(5);
    expect(page).toContain("\u2022 and 2 more");
  });

  test("counts the problems that did not fit", () => {
    const page = pageOf(overwhelming());
    const shown = page.match(/\*HIGH\*/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(0);
    expect(page).toContain(`_${MANY_FINDINGS - shown} more problems did not fit here._`);
  });

  test("has no more than thirty problems, however short", () => {
    const findings = Array.from({ length: 60 }, (_, index) =>
      aFinding({ check: `c${index}`, title: "t", message: "", remediation: "", accountName: null }),
    );
    const message = messageOf(aReport({ findings }));
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    expect(slackPage(message).match(/\*HIGH\*/g)).toHaveLength(30);
  });
});

/** Findings that share no problem, with texts that a digest has just room for. */
function manyLongFindings() {
  const text = "plain words ".repeat(33);
  return Array.from({ length: 25 }, (_, index) =>
    aFinding({ check: `check-${index}`, message: text, remediation: text }),
  );
}

const reports = [
  ["everything", fleet()],
  ["nothing", aReport()],
  ["too much", overwhelming()],
  ["many long problems", aReport({ findings: manyLongFindings() })],
  ...hostileRows.map(([what, text]) => [what, hostileReport(text)] as const),
] as const;

describe.each(reports)("the message about %s", (_what, report) => {
  const message = messageOf(report);

  test("keeps Slack's limits", () => {
    const { blocks } = message;
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const block of blocks) {
      const most = block.type === "header" ? 150 : "fields" in block ? 2000 : 3000;
      for (const text of textsOf(block)) {
        expect(text.length).toBeGreaterThan(0);
        expect(byteLength(text)).toBeLessThanOrEqual(most);
      }
      if ("fields" in block) expect(block.fields.length).toBeLessThanOrEqual(10);
    }
    const all = blocks.flatMap(textsOf).reduce((sum, text) => sum + byteLength(text), 0);
    expect(all).toBeLessThanOrEqual(9_000);
  });

  test("has no text in which Slack looks for names and links", () => {
    for (const block of message.blocks) {
      const texts = block.type === "context" ? block.elements : "fields" in block ? block.fields : [];
      for (const text of texts) expect(text.verbatim).toBe(true);
      if (block.type === "section" && "text" in block) expect(block.text.verbatim).toBe(true);
    }
  });

  test("contains no formatting, mentions, links or control characters", () => {
    for (const text of slackTexts(message)) {
      expect(text).not.toMatch(unprintable);
      expect(text.replaceAll(/^>/gm, "")).not.toMatch(/[<>]/);
      expect(collectedIn(text)).not.toMatch(/[<>`*~]|:\/\/|\]\(|(^|\s)[@_]\w|&(?!(amp|lt|gt);)/);
    }
  });
});

/** A text without the markup that is our own. */
function collectedIn(text: string): string {
  return text
    .replaceAll(/`[^`\n]*`/g, "")
    .replaceAll(/\*([^*\n]*)\*/g, "$1")
    .replaceAll(/^_(\d+ more problems? did not fit here\.)_$/gm, "$1")
    .replaceAll(/^>/gm, "");
}
