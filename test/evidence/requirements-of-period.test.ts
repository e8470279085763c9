import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requirementsOf } from "../../src/evidence/requirements-of-period.ts";
import type { Evidence } from "../../src/schemas/evidence.ts";
import { aFinding } from "../support/report-builders.ts";

type PeriodFinding = Evidence["findings"][number];

const requirement = fc.constantFrom("RA-5", "CM-2", "5.1.1", "constructor");
const finding: fc.Arbitrary<PeriodFinding> = fc
  .record({
    check: fc.constantFrom("scan-coverage", "rule-quota"),
    requirements: fc.uniqueArray(requirement),
    end: fc.constantFrom("resolved", "waived", "open"),
    daysOpen: fc.nat(90),
  })
  .map((drawn) => ({ ...aFinding(), opened: "", resolved: null, ...drawn }));

describe("the requirements of a period", () => {
  it("count what an independent count of the findings counts", () => {
    fc.assert(
      fc.property(fc.array(finding), (findings) => {
        const rows = requirementsOf(findings, []);
        for (const row of rows) {
          const covered = findings.filter((one) => one.requirements.includes(row.requirement));
          expect(row.findings).toBe(covered.length);
          expect(row.resolved + row.waived + row.open).toBe(covered.length);
          expect(row.open).toBe(covered.filter(({ end }) => end === "open").length);
          expect(covered.every(({ daysOpen }) => daysOpen <= (row.worstDays ?? -1))).toBe(true);
          expect(row.checks).toEqual([...new Set(covered.map(({ check }) => check))].toSorted());
        }
        expect(rows.map((row) => row.requirement)).toEqual(
          [...new Set(findings.flatMap(({ requirements }) => requirements))].toSorted(),
        );
      }),
    );
  });

  it("have those of the catalogue for which nothing failed", () => {
    expect(requirementsOf([], [{ check: "scan-coverage", requirements: ["RA-5"] }])).toEqual([
      {
        requirement: "RA-5",
        checks: ["scan-coverage"],
        findings: 0,
        resolved: 0,
        waived: 0,
        open: 0,
        worstDays: null,
      },
    ]);
  });
});
