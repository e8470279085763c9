import { describe, expect, it } from "vitest";
import { trendFiguresSchema } from "../../src/schemas/history.ts";
import { openCauses, trendFigures } from "../../src/schemas/trend-figures.ts";
import { aFinding, aReport } from "../support/report-builders.ts";

const startedAt = "2026-11-20T02:00:00.000Z";
const cause = (id: string) => ({ id, kind: "secret", subject: `secret ${id}` }) as const;
const failing = (id: string, parts: Parameters<typeof aFinding>[0] = {}) =>
  aFinding({ id, status: "FAIL", transition: "unchanged", cause: cause("c-1"), ...parts });
const resolved = (id: string, firstSeenAt: string) =>
  aFinding({ id, status: "PASS", transition: "resolved", cause: null, firstSeenAt });

const none = { critical: 0, high: 0, medium: 0, low: 0, informational: 0 };

describe("the figures of a report for the trend", () => {
  it("count a cause once, at its worst severity, and findings without a cause each", () => {
    const findings = [
      failing("f-1", { severity: "medium" }),
      failing("f-2", { severity: "high" }),
      failing("f-3", { severity: "low" }),
      failing("f-4", { severity: "low", cause: null }),
      failing("f-5", { severity: "low", cause: null }),
      failing("f-6", { severity: "critical", status: "WAIVED", cause: cause("c-2") }),
      failing("f-7", { severity: "critical", status: "UNKNOWN", cause: cause("c-3") }),
    ];
    const report = aReport({ startedAt, findings });
    expect(trendFigures(report).causes).toEqual({ ...none, high: 1, low: 2 });
    expect(openCauses(report)).toBe(3);
  });

  it.each([
    [[], { resolved: 0, medianDays: null, worstDays: null }],
    [["2026-11-17"], { resolved: 1, medianDays: 3, worstDays: 3 }],
    [["2026-11-19", "2026-11-10"], { resolved: 2, medianDays: 5.5, worstDays: 10 }],
    [["2026-11-19", "2026-10-21", "2026-11-18"], { resolved: 3, medianDays: 2, worstDays: 30 }],
    // The clock of an earlier audit ran ahead.
    [["2026-11-25"], { resolved: 1, medianDays: 0, worstDays: 0 }],
  ])("have the days of what was resolved: %j", (seen, expected) => {
    const findings = seen.map((day, index) => resolved(`f-${index}`, `${day}T02:00:00.000Z`));
    const waived = aFinding({ id: "w", status: "WAIVED", transition: "resolved", firstSeenAt: startedAt });
    const figures = trendFigures(aReport({ startedAt, findings: [...findings, waived] }));
    expect(figures).toMatchObject(expected);
    expect(trendFiguresSchema.parse(figures)).toEqual(figures);
  });
});

it("does not take the causes of an audit that did not count them for none", () => {
  const { summary } = aReport({ findings: [failing("f-1")] });
  expect(openCauses({ summary: { ...summary, causes: 0 } })).toBeNull();
  expect(openCauses({ summary: aReport().summary })).toBe(0);
});
