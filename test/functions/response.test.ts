import { describe, expect, it } from "vitest";
import { responseOf } from "../../functions/shared/response.ts";
import { aFinding, aGap, aReport } from "../support/report-builders.ts";

/** What an asynchronous invocation's destination takes (AWS Lambda quotas). */
const MAX_BYTES = 1_000_000;

describe("the response", () => {
  it("is the report's head", () => {
    const finding = aFinding();
    const gap = aGap();
    const report = aReport({ findings: [finding], gaps: [gap] });
    expect(responseOf(report, "s3://audits/report.json")).toEqual({
      auditId: report.auditId,
      status: "non-compliant",
      summary: report.summary,
      coverage: {
        planned: 13,
        audited: 12,
        partial: 0,
        unreachable: 1,
        excluded: 0,
        gaps: [gap],
        gapsOmitted: 0,
      },
      findings: [finding],
      findingsOmitted: 0,
      report: { location: "s3://audits/report.json" },
    });
  });

  it("has no location if there is none", () => {
    expect(responseOf(aReport(), null)).toMatchObject({ report: { location: null } });
  });

  it("holds the findings that do not pass, in the report's order", () => {
    const findings = (["FAIL", "PASS", "UNKNOWN", "NOT_APPLICABLE", "WAIVED"] as const).map((status) =>
      aFinding({ id: status, status }),
    );
    expect(responseOf(aReport({ findings }), null)).toMatchObject({
      findings: [{ id: "FAIL" }, { id: "UNKNOWN" }, { id: "WAIVED" }],
      findingsOmitted: 0,
    });
  });

  it.each([
    [100, 100, 0],
    [101, 100, 1],
    [20_000, 100, 19_900],
  ])("of %i findings and gaps shows %i and counts the rest", (count, shown, omitted) => {
    const response = responseOf(reportOf(count, {}), null);
    expect(response).toMatchObject({
      findings: numbered(shown),
      findingsOmitted: omitted,
      coverage: { unreachable: count, gaps: regions(shown), gapsOmitted: omitted },
    });
  });

  it.each([
    ["long texts", { message: "<script>".repeat(5_000), remediation: "\u{1F4A5}".repeat(20_000) }],
    ["texts that JSON doubles", { message: '\u0000"\\\n'.repeat(10_000) }],
    ["long lists", { data: { principals: Array.from({ length: 1_000 }, () => "x".repeat(500)) } }],
    ["many keys", { data: Object.fromEntries(numbered(1_000).map(({ id }) => [id, "x".repeat(500)])) }],
    ["deep nesting", { data: { nested: nested(1_000) } }],
  ])("stays under 1 MB with %s, and says what it left out", (_what, hostile) => {
    const response = responseOf(reportOf(20_000, hostile), null);
    expect(Buffer.byteLength(JSON.stringify(response))).toBeLessThan(MAX_BYTES);
    const { findings, findingsOmitted } = shapeOf(response);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings).toMatchObject(numbered(findings.length));
    expect(findings.length + findingsOmitted).toBe(20_000);
    expect(response).toMatchObject({ summary: { failing: { high: 20_000 } } });
  });
});

function reportOf(count: number, finding: Partial<ReturnType<typeof aFinding>>) {
  return aReport({
    findings: numbered(count).map(({ id }) => aFinding({ ...finding, id })),
    gaps: regions(count).map(({ region }) => aGap({ region, detail: "denied ".repeat(1_000) })),
  });
}

function numbered(count: number) {
  return Array.from({ length: count }, (_nothing, index) => ({ id: `f-${index}` }));
}

function regions(count: number) {
  return Array.from({ length: count }, (_nothing, index) => ({ region: `eu-west-${index}` }));
}

function nested(depth: number): unknown {
  return depth === 0 ? "x".repeat(20_000) : { deeper: nested(depth - 1) };
}

function shapeOf(response: unknown): { findings: readonly unknown[]; findingsOmitted: number } {
  if (typeof response !== "object" || response === null) throw new TypeError("no response");
  const { findings, findingsOmitted } = { findings: null, findingsOmitted: null, ...response };
  if (!Array.isArray(findings) || typeof findingsOmitted !== "number") throw new TypeError("no findings");
  return { findings, findingsOmitted };
}
