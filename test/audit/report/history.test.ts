import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyWith, recordOf } from "../../../src/audit/report/history.ts";
import type { AuditRecord } from "../../../src/schemas/history.ts";
import { aFinding, aGap, aReport } from "../../support/report-builders.ts";
import { aRecord } from "../../support/state-builders.ts";

const first = Date.parse("2026-01-01T02:00:00.000Z");

/** The audit of the minute `minute`. */
function at(minute: number, overrides: Partial<AuditRecord> = {}): AuditRecord {
  const startedAt = new Date(first + minute * 60_000).toISOString();
  return aRecord({ auditId: `audit-${String(minute).padStart(6, "0")}`, startedAt, ...overrides });
}

const idsOf = (history: readonly AuditRecord[]) => history.map(({ auditId }) => auditId);

describe("a record", () => {
  it("holds the figures of its report, and of the coverage only the counts", () => {
    const report = aReport({ findings: [aFinding()], gaps: [aGap()] });
    expect(recordOf(report, false, "a place")).toEqual({
      auditId: report.auditId,
      startedAt: report.startedAt,
      finishedAt: report.finishedAt,
      trigger: "schedule",
      wholeScope: false,
      status: "non-compliant",
      coverage: { planned: 13, audited: 12, partial: 0, unreachable: 1 },
      summary: report.summary,
      trend: {
        causes: { critical: 0, high: 1, medium: 0, low: 0, informational: 0 },
        resolved: 0,
        medianDays: null,
        worstDays: null,
      },
      location: "a place",
    });
  });
});

describe("a history", () => {
  it("is sorted, whichever audit is persisted first", () => {
    const minutes = fc.uniqueArray(fc.nat({ max: 10_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(minutes, (order) => {
        const history = order.reduce<readonly AuditRecord[]>(
          (known, minute) => historyWith(known, at(minute)),
          [],
        );
        expect(idsOf(history)).toEqual(order.toSorted((a, b) => a - b).map((minute) => at(minute).auditId));
      }),
    );
  });

  it("has an audit once, as it was persisted last", () => {
    const again = at(1, { location: "elsewhere" });
    expect(historyWith([at(0), at(1), at(2)], again)).toEqual([at(0), again, at(2)]);
  });

  it("keeps audits of one moment in one order", () => {
    const [one, other] = [at(1, { auditId: "a" }), at(1, { auditId: "b" })];
    expect(historyWith([one], other)).toEqual([one, other]);
    expect(historyWith([other], one)).toEqual([one, other]);
  });

  it("keeps the latest 200 of the whole scope and 50 narrower ones, despite a burst", () => {
    const night = 24 * 60;
    const nights = Array.from({ length: 230 }, (_, index) => at(index * night));
    const burst = Array.from({ length: 300 }, (_, index) =>
      at(229 * night + 1 + index, { wholeScope: false, trigger: "event" }),
    );
    const history = [...nights, ...burst].reduce<readonly AuditRecord[]>(historyWith, []);
    expect(idsOf(history)).toEqual(idsOf([...nights.slice(-200), ...burst.slice(-50)]));
  });
});
