import { describe, expect, it } from "vitest";
import { trendHtml } from "../../src/formats/trend/html.ts";
import { trendPoint } from "../../src/formats/trend/points.ts";
import { aFinding, aReport } from "../support/report-builders.ts";

const startedAt = "2026-11-20T02:00:00.000Z";
const cause = (id: string) => ({ id, kind: "secret", subject: `secret ${id}` }) as const;
const failing = (id: string, parts: Parameters<typeof aFinding>[0] = {}) =>
  aFinding({ id, status: "FAIL", transition: "unchanged", cause: cause("c-1"), ...parts });
const resolved = (id: string, firstSeenAt: string) =>
  aFinding({ id, status: "PASS", transition: "resolved", cause: null, firstSeenAt });

const none = { critical: 0, high: 0, medium: 0, low: 0, informational: 0 };

describe("what the trend shows of a report", () => {
  it("counts a cause once, at its worst severity, and findings without a cause each", () => {
    const findings = [
      failing("f-1", { severity: "medium" }),
      failing("f-2", { severity: "high" }),
      failing("f-3", { severity: "low" }),
      failing("f-4", { severity: "low", cause: null }),
      failing("f-5", { severity: "low", cause: null }),
      failing("f-6", { severity: "critical", status: "WAIVED", cause: cause("c-2") }),
      failing("f-7", { severity: "critical", status: "UNKNOWN", cause: cause("c-3") }),
    ];
    expect(trendPoint(aReport({ startedAt, findings })).causes).toEqual({ ...none, high: 1, low: 2 });
  });

  it.each([
    [[], { resolved: 0, medianDays: null, worstDays: null }],
    [["2026-11-17"], { resolved: 1, medianDays: 3, worstDays: 3 }],
    [["2026-11-19", "2026-11-10"], { resolved: 2, medianDays: 5.5, worstDays: 10 }],
    [["2026-11-19", "2026-10-21", "2026-11-18"], { resolved: 3, medianDays: 2, worstDays: 30 }],
  ])("has the days of what was resolved: %j", (seen, expected) => {
    const findings = seen.map((day, index) => resolved(`f-${index}`, `${day}T02:00:00.000Z`));
    const waived = aFinding({ id: "w", status: "WAIVED", transition: "resolved", firstSeenAt: startedAt });
    expect(trendPoint(aReport({ startedAt, findings: [...findings, waived] }))).toMatchObject(expected);
  });
});

describe("the page of the trend", () => {
  const points = [
    trendPoint(
      aReport({ startedAt: "2026-11-19T02:00:00.000Z", findings: [failing("f-1"), failing("f-2")] }),
    ),
    trendPoint(aReport({ startedAt, findings: [resolved("f-1", "2026-11-17T02:00:00.000Z")] })),
  ];

  it("has three charts with words for those who do not see them, and a table with the latest audit first", () => {
    const html = trendHtml(points, 0);
    expect(html.match(/<svg[^>]* role="img" aria-label="[^"]+, as in the table below\."/g)).toHaveLength(3);
    expect(html).toContain("2 audits of the whole scope, 2026-11-19 to 2026-11-20.");
    expect(html).toContain("1 in the oldest audit, 0 in the latest.");
    expect(html).toContain("<title>2026-11-20: 1 finding resolved after 3 days</title>");
    const rows = Array.from(html.matchAll(/<th scope="row">([^<]*)</g), ([, time]) => time);
    expect(rows).toEqual(["2026-11-20 02:00", "2026-11-19 02:00"]);
    expect(html).not.toMatch(/<script|https?:/);
  });

  it("says which audits it cannot show", () => {
    expect(trendHtml(points, 2)).toContain("The reports of 2 further audits are no longer stored.");
    expect(trendHtml([], 0)).toContain("No audits of the whole scope are stored here.");
  });
});
