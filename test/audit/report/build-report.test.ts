import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openLedger } from "../../../src/audit/collect/coverage.ts";
import { noCounts } from "../../../src/audit/evaluate/collect-findings.ts";
import { buildReport, type ReportParts, sortFindings } from "../../../src/audit/report/build-report.ts";
import { type Finding, severities } from "../../../src/schemas/finding.ts";
import { reportSchema } from "../../../src/schemas/report.ts";
import { NOW } from "../../support/builders.ts";
import { aFinding, aGap } from "../../support/report-builders.ts";

/** The parts of a report of an audit that saw everything and found nothing. */
function parts(overrides: Partial<ReportParts> = {}): ReportParts {
  return {
    auditId: "20261120T020000Z-0badcafe",
    startedAt: NOW.toISOString(),
    finishedAt: NOW.toISOString(),
    trigger: "schedule",
    policy: { name: "Example", digest: "sha256:0" },
    narrowedTo: null,
    coverage: { ...openLedger().total(), dropped: false },
    registries: [],
    baseline: false,
    findings: [],
    drift: [],
    lookupFailures: [],
    waivers: { expired: [], expiring: [], unused: [] },
    rules: 0,
    counts: noCounts(),
    notApplied: [],
    ...overrides,
  };
}

function withGaps(...gaps: ReportParts["coverage"]["gaps"]): ReportParts["coverage"] {
  return { ...openLedger().total(), dropped: false, planned: gaps.length, unreachable: gaps.length, gaps };
}

describe("the order of findings", () => {
  /** Findings in the report's order; each differs from the one before by what weighs less and less. */
  const inOrder = [
    { severity: "critical", account: "9", region: "z", prefix: "z", check: "z", id: "1" },
    { severity: "high", account: "1", region: "z", prefix: "z", check: "z", id: "2" },
    { severity: "high", account: "2", region: "a", prefix: "z", check: "z", id: "3" },
    { severity: "high", account: "2", region: "b", prefix: null, check: "z", id: "4" },
    { severity: "high", account: "2", region: "b", prefix: "ROOT", check: "z", id: "5" },
    { severity: "high", account: "2", region: "b", prefix: "a", check: "z", id: "6" },
    { severity: "high", account: "2", region: "b", prefix: "b", check: "a", id: "7" },
    { severity: "high", account: "2", region: "b", prefix: "b", check: "b", id: "8" },
    { severity: "high", account: "2", region: "b", prefix: "b", check: "b", id: "9" },
    { severity: "medium", account: "0", region: "a", prefix: "a", check: "a", id: "10" },
    { severity: "low", account: "0", region: "a", prefix: "a", check: "a", id: "11" },
    { severity: "informational", account: "0", region: "a", prefix: "a", check: "a", id: "12" },
  ].map((finding) =>
    aFinding({ ...finding, severity: severities.find((s) => s === finding.severity) ?? "low" }),
  );

  it("is by severity, account, region, prefix, check and id, whatever it was before", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), (shuffled) => {
        expect(sortFindings(shuffled)).toEqual(inOrder);
      }),
    );
  });

  it("has each id once", () => {
    const [first, second] = inOrder;
    if (first === undefined || second === undefined) throw new Error("there are findings");
    expect(sortFindings([second, first, second, first])).toEqual([first, second]);
  });

  it("leaves the given list as it was", () => {
    const given = inOrder.toReversed();
    sortFindings(given);
    expect(given).toEqual(inOrder.toReversed());
  });
});

describe("the status of an audit", () => {
  const failing = aFinding({ status: "FAIL" });
  const others = (["PASS", "UNKNOWN", "NOT_APPLICABLE", "WAIVED"] as const).map((status) =>
    aFinding({ id: status, status, transition: null }),
  );

  it.each([
    { what: "nothing fails and all was seen", findings: [], gaps: [], status: "compliant" },
    { what: "nothing fails, though not all passes", findings: others, gaps: [], status: "compliant" },
    { what: "something could not be seen", findings: others, gaps: [aGap()], status: "incomplete" },
    { what: "something fails", findings: [...others, failing], gaps: [], status: "non-compliant" },
    {
      what: "something fails and something could not be seen",
      findings: [failing],
      gaps: [aGap()],
      status: "non-compliant",
    },
    {
      what: "something fails that is merely informational",
      findings: [aFinding({ severity: "informational" })],
      gaps: [],
      status: "non-compliant",
    },
  ])("is $status when $what", ({ findings, gaps, status }) => {
    expect(buildReport(parts({ findings, coverage: withGaps(...gaps) })).status).toBe(status);
  });
});

describe("the summary of an audit", () => {
  it("counts what fails by severity, what changed by transition, and takes over the other counts", () => {
    const findings: readonly Finding[] = [
      aFinding({ id: "1", severity: "critical", transition: "opened" }),
      aFinding({ id: "2", severity: "high", transition: "opened" }),
      aFinding({ id: "3", severity: "high", transition: "changed" }),
      aFinding({ id: "4", severity: "low", transition: "reminded" }),
      aFinding({ id: "5", severity: "low", transition: "unchanged" }),
      aFinding({ id: "6", severity: "medium", status: "PASS", transition: "resolved" }),
      aFinding({ id: "7", severity: "medium", status: "UNKNOWN", transition: null }),
    ];
    const counts = { PASS: 40, FAIL: 5, UNKNOWN: 1, NOT_APPLICABLE: 3, WAIVED: 0 };
    expect(buildReport(parts({ findings, rules: 7, counts })).summary).toEqual({
      rules: 7,
      findings: counts,
      failing: { critical: 1, high: 2, medium: 0, low: 2, informational: 0 },
      transitions: { opened: 2, changed: 1, resolved: 1, reminded: 1 },
      causes: 5,
      notApplied: [],
    });
  });

  it("counts a finding that came twice once", () => {
    const { summary } = buildReport(parts({ findings: [aFinding(), aFinding()] }));
    expect(summary.failing.high).toBe(1);
    expect(summary.transitions.opened).toBe(1);
  });
});

describe("a report", () => {
  const report = buildReport(parts({ findings: [aFinding()], coverage: withGaps(aGap()) }));

  it("has the published shape", () => {
    expect(reportSchema.parse(report)).toEqual(report);
  });

  it("is the same bytes for the same parts", () => {
    const again = buildReport(parts({ findings: [aFinding()], coverage: withGaps(aGap()) }));
    expect(JSON.stringify(again)).toBe(JSON.stringify(report));
  });
});
