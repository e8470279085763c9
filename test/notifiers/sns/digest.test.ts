import { describe, expect, test } from "vitest";
import * as z from "zod";
import { byteLength } from "../../../src/core/bytes.ts";
import { renderDigest } from "../../../src/notifiers/sns/digest.ts";
import type { DeliveryOptions } from "../../../src/render/words.ts";
import type { Report } from "../../../src/schemas/report.ts";
import { fleet, fortyFindings } from "../../render/fleet.ts";
import { MANY_FINDINGS, overwhelming } from "../../render/overwhelming.ts";
import { aDrift, aFinding, aGap, aReport } from "../../support/report-builders.ts";

const options = { reportLocation: "s3://audits/2026/11/20/report.json" };

const messageSchema = z.strictObject({
  default: z.string(),
  email: z.string(),
  https: z.string(),
  sms: z.string(),
});
const chatSchema = z.strictObject({
  version: z.literal("1.0"),
  source: z.literal("custom"),
  content: z.strictObject({
    textType: z.literal("client-markdown"),
    title: z.string(),
    description: z.string(),
    nextSteps: z.array(z.string()),
    keywords: z.array(z.string()),
  }),
  metadata: z.strictObject({
    threadId: z.string(),
    summary: z.string(),
    eventType: z.string(),
    relatedResources: z.array(z.string()),
    additionalContext: z.record(z.string(), z.string()),
  }),
});

function digestOf(report: Report, overrides: Partial<DeliveryOptions> = {}) {
  const { subject, message } = renderDigest(report, { ...options, ...overrides });
  const texts = messageSchema.parse(JSON.parse(message));
  return {
    subject,
    message,
    ...texts,
    machine: JSON.parse(texts.default),
    chat: chatSchema.parse(JSON.parse(texts.https)),
  };
}

describe("a reminder", () => {
  const reminded = (openDays: number, id: string) =>
    aFinding({ id, transition: "reminded", eventId: id, openDays });

  test("says in subject and text how long it has been open", () => {
    const { subject, email } = digestOf(aReport({ findings: [reminded(21, "1")] }));
    expect(subject).toBe("pull-through-auditor: 1 high open for 21 days");
    expect(email).toContain("OPEN FOR UP TO 21 DAYS");
  });

  test("says the longest time of several, beside what is new", () => {
    const findings = [reminded(21, "1"), reminded(7, "2"), aFinding({ id: "3" })];
    expect(digestOf(aReport({ findings })).subject).toMatch(
      /^pull-through-auditor: 1 high new; 2 high open for up to 21 days; 3 failing/,
    );
  });
});

describe("the subject", () => {
  test.each([
    [
      "what fails and what is unseen",
      aReport({ findings: [aFinding(), aFinding({ severity: "medium" })], gaps: [aGap()] }),
      "pull-through-auditor: 1 high, 1 medium failing; 1 registry not covered",
    ],
    [
      "what is new before how many fail",
      fleet(),
      "pull-through-auditor: 1 critical, 2 high new; 1 resolved; 20 failing; 41 registries with gaps",
    ],
    [
      "the two worst and the rest",
      aReport({
        findings: [
          aFinding(),
          aFinding({ severity: "medium" }),
          aFinding({ severity: "low" }),
          aFinding({ severity: "informational" }),
        ],
      }),
      "pull-through-auditor: 1 high, 1 medium, 2 lower failing",
    ],
    [
      "what is still failing, where nothing is new",
      aReport({ findings: [aFinding({ transition: "unchanged" }), aFinding({ transition: "reminded" })] }),
      "pull-through-auditor: 2 high failing",
    ],
    [
      "that nothing was audited",
      aReport({ coverage: { ...aReport().coverage, planned: 0, audited: 0 } }),
      "pull-through-auditor: nothing was audited, no registry is in scope",
    ],
    ["compliance", aReport(), "pull-through-auditor: compliant, 12 registries covered"],
    [
      "an incomplete audit",
      aReport({ gaps: [aGap()] }),
      "pull-through-auditor: incomplete, no failures found; 1 registry not covered",
    ],
  ])("says %s", (_what, report, subject) => {
    expect(digestOf(report).subject).toBe(subject);
  });

  test("says that an audit is the first", () => {
    expect(digestOf(aReport({ baseline: true })).subject).toBe(
      "pull-through-auditor: compliant, 12 registries covered; first audit",
    );
  });

  test("is ASCII and under 100 characters, whatever the figures", () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      aFinding({ severity: index % 2 === 0 ? "critical" : "informational" }),
    );
    const coverage = {
      ...aReport().coverage,
      planned: 3_000_000,
      partial: 1_000_000,
      unreachable: 2_000_000,
    };
    const { subject } = digestOf(aReport({ findings: many, coverage, baseline: true }));
    expect(subject).toMatch(/^[ -~]{1,99}$/);
  });
});

describe("the mail", () => {
  test("reads well", async () => {
    await expect(digestOf(fleet()).email).toMatchFileSnapshot("snapshots/mail.txt");
  });

  test("reads well after the first audit", async () => {
    const report = aReport({ findings: fortyFindings(), baseline: true });
    await expect(digestOf(report).email).toMatchFileSnapshot("snapshots/mail-first-audit.txt");
  });

  test("begins with the verdict and ends with where the report is", () => {
    const { email } = digestOf(aReport({ findings: [aFinding()] }));
    expect(email).toMatch(/^Non-compliant: 1 high failing; all 12 registries were covered\.\n/);
    expect(email).toMatch(
      /\nFull report:\nhttps:\/\/console\.aws\.amazon\.com\/s3\/object\/audits\?prefix=2026\/11\/20\/report\.html\n {2}aws s3 cp s3:\/\/audits\/2026\/11\/20\/report\.html \.\n$/,
    );
  });

  test("counts only its own changes, whatever the whole audit found", () => {
    const findings = [aFinding(), aFinding({ id: "known", transition: "unchanged" })];
    const report = aReport({ findings });
    const { transitions } = aReport({ findings: fortyFindings() }).summary;
    const { email } = digestOf({ ...report, summary: { ...report.summary, transitions } });
    expect(email).toMatch(/\n1 new since the previous audit\.\n/);
    expect(email).toMatch(/Changes {3}40 new since the previous audit\n/);
  });

  test("shows new problems in full, then resolved ones, and known ones in brief", () => {
    const { email } = digestOf(
      aReport({
        findings: [
          aFinding({ id: "known", severity: "critical", transition: "unchanged" }),
          aFinding({ id: "again", transition: "reminded" }),
          aFinding({ id: "gone", status: "PASS", transition: "resolved" }),
          aFinding({ id: "new", severity: "low" }),
        ],
        drift: [aDrift()],
      }),
    );
    const headings = email.match(/^[A-Z][A-Z ,]+(?=:)/gm);
    expect(headings).toEqual([
      "NEW OR CHANGED",
      "RESOLVED",
      "CHANGED RULES",
      "REMINDER, STILL FAILING",
      "STILL FAILING SINCE EARLIER AUDITS",
    ]);
    expect(email.match(/^ {2}What to do/gm)).toHaveLength(2);
    expect(email.split("STILL FAILING SINCE")[1]).not.toContain("What to do");
  });

  test.each([
    [1, "1 more failing finding not shown: for other topics, or below the minimum severity."],
    [2, "2 more failing findings not shown: for other topics, or below the minimum severity."],
  ])("says that %i more are for others", (more, sentence) => {
    const report = aReport({ findings: [aFinding()] });
    const failing = { ...report.summary.failing, low: more };
    const { email } = digestOf({ ...report, summary: { ...report.summary, failing } });
    expect(email.replaceAll("\n", " ")).toContain(sentence);
  });

  test("says that the report was not stored", () => {
    expect(digestOf(aReport(), { reportLocation: null }).email).toContain("The full report was not stored.");
  });

  test("counts the findings that did not fit", () => {
    const { email } = digestOf(overwhelming());
    const shown = email.match(/^HIGH {2}/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(0);
    expect(email).toContain(`and ${MANY_FINDINGS - shown} more findings that did not fit here`);
  });
});

describe("the JSON for integrations", () => {
  test("holds the figures and the worst findings first", () => {
    const report = fleet();
    const { machine } = digestOf(report);
    expect(machine).toMatchObject({
      schemaVersion: 1,
      auditId: report.auditId,
      status: "non-compliant",
      baseline: false,
      summary: report.summary,
      coverage: { planned: 53, unreachable: 40 },
      omitted: 0,
      report: { location: options.reportLocation },
    });
    const delivered: { severity: string; transition: string }[] = machine.findings;
    expect(delivered.map(({ severity, transition }) => `${severity} ${transition}`).slice(0, 4)).toEqual([
      "critical changed",
      "high opened",
      "high opened",
      "high unchanged",
    ]);
    expect(delivered.at(-1)?.transition).toBe("resolved");
    expect(delivered).toHaveLength(21);
  });

  test("counts what did not fit", () => {
    const { machine } = digestOf(overwhelming());
    expect(machine.findings.length).toBeGreaterThan(5);
    expect(machine.findings.length + machine.omitted).toBe(MANY_FINDINGS);
    expect(machine.coverage.gaps.length + machine.coverage.gapsOmitted).toBe(40);
    expect(machine.coverage.gapsOmitted).toBeGreaterThan(0);
  });
});

describe("the chat notification", () => {
  test("reads well", async () => {
    const { content } = digestOf(fleet()).chat;
    await expect(`${content.title}\n\n${content.description}\n`).toMatchFileSnapshot("snapshots/chat.txt");
  });

  test("keeps every limit of Amazon Q Developer in bytes", () => {
    for (const report of [overwhelming(), fleet(), aReport()]) {
      const { content, metadata } = digestOf(report).chat;
      expect(byteLength(content.title)).toBeLessThanOrEqual(250);
      expect(byteLength(content.description)).toBeLessThanOrEqual(8000);
      for (const step of content.nextSteps) expect(byteLength(step)).toBeLessThanOrEqual(350);
      for (const keyword of content.keywords) expect(byteLength(keyword)).toBeLessThanOrEqual(75);
      expect(byteLength(metadata.threadId)).toBeLessThanOrEqual(500);
    }
  });

  test("counts the findings that did not fit", () => {
    const { description } = digestOf(overwhelming()).chat.content;
    const shown = description.match(/^\*HIGH\*/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(0);
    expect(description).toContain(`${MANY_FINDINGS - shown} more findings did not fit here.`);
    expect(description).toContain(
      "Full report: https://console.aws.amazon.com/s3/object/audits?prefix=2026/11/20/report.html",
    );
  });

  test("has room for the count of what was cut, however full it is", () => {
    for (let length = 1; length <= 60; length += 1) {
      const title = "x".repeat(length);
      const findings = Array.from({ length: 150 }, (_, index) =>
        aFinding({ check: `check-${index}`, title }),
      );
      const { description } = digestOf(aReport({ findings })).chat.content;
      expect(byteLength(description)).toBeLessThanOrEqual(8000);
      expect(description).toMatch(/\d+ more findings? did not fit here\./);
    }
  });

  test("keeps one policy's audits in one thread", () => {
    const first = digestOf(aReport({ auditId: "one" })).chat.metadata.threadId;
    const second = digestOf(aReport({ auditId: "two", findings: [aFinding()] })).chat.metadata.threadId;
    expect(first).toBe("pull-through-auditor Example organization");
    expect(second).toBe(first);
  });

  test("lists new, resolved and still failing problems, and how to fix new ones", () => {
    const { content } = digestOf(
      aReport({
        findings: [
          aFinding({ id: "known", severity: "critical", title: "Known", transition: "unchanged" }),
          aFinding({ id: "gone", title: "Gone", status: "PASS", transition: "resolved" }),
          aFinding({ id: "new", title: "New", severity: "low", remediation: "Mend it." }),
        ],
      }),
    ).chat;
    expect(content.description.match(/New|Gone|Still failing|Known/g)).toEqual([
      "New",
      "Gone",
      "Still failing",
      "Known",
    ]);
    expect(content.nextSteps).toEqual(["New: Mend it."]);
  });

  test("says how to fix known problems if nothing is new", () => {
    const { content } = digestOf(
      aReport({ findings: [aFinding({ title: "Known", remediation: "Mend it.", transition: "unchanged" })] }),
    ).chat;
    expect(content.nextSteps).toEqual(["Known: Mend it."]);
  });

  test("names the accounts that were not covered", () => {
    const { content } = digestOf(aReport({ gaps: [aGap(), aGap({ region: "eu-west-1" })] })).chat;
    expect(content.description).toContain(
      "Not fully covered: 2 of 14 registries\n\u2022 Denied by a service control policy (2): 444455556666 sandbox",
    );
  });

  test("names the repositories and how to fix the problems", () => {
    const { content, metadata } = digestOf(aReport({ findings: fortyFindings() })).chat;
    expect(content.nextSteps).toHaveLength(1);
    expect(metadata.relatedResources).toHaveLength(10);
    expect(metadata.relatedResources[0]).toBe("arn:aws:ecr:eu-west-1:200000000000:repository/docker-hub/*");
  });
});

describe("the SMS", () => {
  test("names the worst finding when there is room", () => {
    expect(digestOf(aReport({ findings: [aFinding()] })).sms).toBe(
      "pull-through-auditor: 1 high failing. Worst: rule-validation, 111122223333 eu-west-1 docker-hub",
    );
  });

  test("names a new finding before a worse known one", () => {
    const findings = [
      aFinding({ id: "known", severity: "critical", transition: "unchanged" }),
      aFinding({ id: "new", severity: "low", check: "rule-quota", prefix: null }),
    ];
    expect(digestOf(aReport({ findings })).sms).toBe(
      "pull-through-auditor: 1 low new; 2 failing. New: rule-quota, 111122223333 eu-west-1",
    );
  });

  test.each([
    ["overwhelming", overwhelming()],
    ["large", fleet()],
    ["compliant", aReport()],
  ])("is one line of at most 140 bytes for an audit that is %s", (_what, report) => {
    const { sms } = digestOf(report);
    expect(byteLength(sms)).toBeLessThanOrEqual(140);
    expect(sms).toMatch(/^pull-through-auditor: [^\n]+$/);
  });

  test("names no worst finding if everything is resolved", () => {
    expect(digestOf(aReport({ findings: [aFinding({ transition: "resolved" })] })).sms).not.toContain(
      "Worst",
    );
  });
});

describe("the whole message", () => {
  test("stays well under 256 KiB, whatever was collected", () => {
    expect(byteLength(digestOf(overwhelming()).message)).toBeLessThan(200 * 1024);
  });

  test("counts only the findings for its topic", () => {
    const report = { ...fleet(), findings: [aFinding({ transition: "resolved" })] };
    const { subject, email } = digestOf(report);
    expect(subject).toContain("nothing fails for this topic any more");
    expect(email.replaceAll("\n", " ")).toContain(
      "No finding for this topic fails any more, but the audit as a whole is non-compliant.",
    );
  });
});
