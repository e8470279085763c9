import { describe, expect, test } from "vitest";
import { byteLength } from "../../../src/core/bytes.ts";
import { type EventEntry, entrySize, renderEvents } from "../../../src/notifiers/eventbridge/events.ts";
import { jsonWithin } from "../../../src/notifiers/eventbridge/fit.ts";
import { fortyDenials } from "../../render/fleet.ts";
import { hostileTexts } from "../../render/hostile-texts.ts";
import { aDrift, aFinding, aGap, aReport } from "../../support/report-builders.ts";

const options = { reportLocation: "s3://audits/report.json" };
const detailOf = (entry: EventEntry | undefined) => JSON.parse(entry?.detail ?? "null");

describe("renderEvents", () => {
  test.each(["opened", "changed", "resolved", "reminded"] as const)(
    "reports a finding that is %s",
    (transition) => {
      const finding = aFinding({ transition });
      const [event, completed] = renderEvents(aReport({ findings: [finding] }), options);
      expect(event).toMatchObject({
        source: "pull-through-auditor",
        detailType: "Pull Through Cache Finding",
        time: "2026-11-20T02:03:12.000Z",
        resources: ["arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/*"],
      });
      expect(detailOf(event)).toEqual({
        schemaVersion: 1,
        eventId: finding.eventId,
        auditId: "2026-11-20T02-00-00Z-7f3a",
        baseline: false,
        transition,
        text: {
          summary: "payments-prod eu-west-1 docker-hub: ECR cannot reach the upstream",
          description: expect.stringContaining("Where: account 111122223333 payments-prod, eu-west-1, rule"),
        },
        finding,
      });
      expect(completed?.detailType).toBe("Pull Through Cache Audit Completed");
    },
  );

  test.each(["unchanged", null] as const)("omits a finding whose transition is %s", (transition) => {
    const entries = renderEvents(aReport({ findings: [aFinding({ transition })] }), options);
    expect(entries.map(({ detailType }) => detailType)).toEqual(["Pull Through Cache Audit Completed"]);
  });

  test("reports a changed rule", () => {
    const [event] = renderEvents(aReport({ drift: [aDrift()] }), options);
    expect(event?.detailType).toBe("Pull Through Cache Rule Drift");
    expect(event?.resources).toEqual(["arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/*"]);
    expect(detailOf(event)).toMatchObject({ schemaVersion: 1, baseline: false, drift: aDrift() });
  });

  test("reports the audit, with the first gaps and the count of the others", () => {
    const report = aReport({ gaps: [...fortyDenials(), ...fortyDenials()] });
    const [event] = renderEvents(report, options);
    const detail = detailOf(event);
    expect(detail).toMatchObject({
      status: "incomplete",
      summary: report.summary,
      report: { location: "s3://audits/report.json" },
      coverage: { planned: 52, unreachable: 40, gapsOmitted: 30 },
    });
    expect(detail.coverage.gaps).toHaveLength(50);
  });

  test("cuts a gap's long texts and lists", () => {
    const prefixes = Array.from({ length: 12 }, (_, index) => `prefix-${index}`);
    const gap = aGap({ accountName: null, prefixes, detail: "x".repeat(301) });
    const [event] = renderEvents(aReport({ gaps: [gap] }), options);
    const [delivered] = detailOf(event).coverage.gaps;
    expect(delivered.accountName).toBeNull();
    expect(delivered.prefixes.slice(9)).toEqual(["prefix-9", "… (2 more)"]);
    expect(delivered.detail).toBe(`${"x".repeat(300)}… (1 more character)`);
  });

  test("marks the first audit on every event", () => {
    const report = aReport({ findings: [aFinding()], baseline: true });
    const details = renderEvents(report, options).map(detailOf);
    expect(details.map(({ baseline }) => baseline)).toEqual([true, true]);
  });

  test("uses the ids of alerts, and the audit's own id", () => {
    const [finding, drift] = [aFinding(), aDrift()];
    const ids = renderEvents(aReport({ findings: [finding], drift: [drift] }), options).map(
      (entry) => detailOf(entry).eventId,
    );
    expect(ids).toEqual([finding.eventId, drift.eventId, "2026-11-20T02-00-00Z-7f3a"]);
    expect(new Set(ids).size).toBe(3);
  });
});

describe("an event's detail", () => {
  test("stays under 240 KB and says what was cut", () => {
    const message = hostileTexts["a quarter of a megabyte"];
    const [event] = renderEvents(
      aReport({ findings: [aFinding({ message, data: { failure: message } })] }),
      options,
    );
    expect(byteLength(event?.detail ?? "")).toBeLessThan(240_000);
    expect(detailOf(event).finding.message).toMatch(/… \(84,000 more characters\)$/);
    expect(detailOf(event).finding.id).toBe("f-0001");
  });

  test.each([
    ["a long list", { list: Array.from({ length: 50_000 }, () => "0123456789") }],
    [
      "many keys",
      Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key-${index}`, "0123456789"])),
    ],
    ["long keys", { ["k".repeat(300_000)]: 1 }],
    [
      "deep nesting",
      {
        deep: Array.from({ length: 40 }, () =>
          Array.from({ length: 40 }, () => Array.from({ length: 40 }, () => "x".repeat(90))),
        ),
      },
    ],
  ])("stays under 240 KB with %s", (_what, data) => {
    const [event] = renderEvents(aReport({ findings: [aFinding({ data })] }), options);
    expect(byteLength(event?.detail ?? "")).toBeLessThanOrEqual(240_000);
    expect(detailOf(event).finding).toMatchObject({
      id: "f-0001",
      account: "111122223333",
      prefix: "docker-hub",
    });
  });

  test("is unchanged if it fits", () => {
    const value = { list: ["a", { b: null, c: 1 }], text: "é" };
    expect(JSON.parse(jsonWithin(value, 100))).toEqual(value);
  });

  test("says how many items of a list are missing", () => {
    const list = Array.from({ length: 50 }, () => "x".repeat(90));
    const cut: unknown = JSON.parse(jsonWithin({ list }, 4_500));
    expect(cut).toEqual({ list: [...list.slice(0, 40), "… (10 more)"] });
  });

  test("stays small for an audit with hostile gaps", () => {
    const text = hostileTexts["a quarter of a megabyte"];
    const gaps = fortyDenials().map((gap) =>
      aGap({ ...gap, detail: text, accountName: text, prefixes: [text] }),
    );
    const [event] = renderEvents(aReport({ gaps }), options);
    expect(byteLength(event?.detail ?? "")).toBeLessThan(240_000);
  });
});

test("entrySize counts as EventBridge does", () => {
  const entry: EventEntry = {
    source: "pull-through-auditor",
    detailType: "Pull Through Cache Finding",
    time: "2026-11-20T02:03:12.000Z",
    resources: ["é", "ab"],
    eventId: "0",
    detail: "{}",
  };
  expect(entrySize(entry)).toBe(14 + 20 + 26 + 2 + 2 + 2);
  expect(entrySize({ ...entry, time: "" })).toBe(20 + 26 + 2 + 2 + 2);
});
