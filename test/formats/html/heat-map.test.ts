import { describe, expect, it } from "vitest";
import { heatMapOf } from "../../../src/formats/html/heat-map.ts";
import { aFinding, aGap, aReport } from "../../support/report-builders.ts";

const account = (id: string, ...regions: readonly string[]) => {
  return { account: id, accountName: `name-${id}`, organizationalUnits: [], regions };
};

/** The map in few words: for each account its cells, as sight and failing counts. */
function brief(report: Parameters<typeof heatMapOf>[0]) {
  const { rows } = heatMapOf(report);
  return rows.map(({ account: id, cells }) => [
    id,
    ...cells.map(({ cellCoverage, failing }) =>
      [cellCoverage, ...failing.map(({ severity, count }) => `${count} ${severity}`)].join(" "),
    ),
  ]);
}

describe("the map of accounts and regions", () => {
  it("distinguishes covered, partly covered, unreachable and unplanned registries, with or without findings", () => {
    const report = aReport({
      registries: [account("1", "a", "b"), account("2", "b")],
      gaps: [
        aGap({ account: "1", region: "b", state: "partial" }),
        aGap({ account: "1", region: "c" }),
        aGap({ account: "2", region: "a" }),
      ],
      findings: [
        aFinding({ id: "x", account: "1", region: "a", severity: "low" }),
        aFinding({ id: "y", account: "1", region: "a", severity: "high" }),
        aFinding({ id: "z", account: "1", region: "a", severity: "high" }),
        aFinding({ id: "s", account: "1", region: "c", severity: "medium", stale: true }),
      ],
    });
    expect(heatMapOf(report).regions).toEqual(["a", "b", "c"]);
    expect(brief(report)).toEqual([
      ["1", "seen 2 high 1 low", "partial", "unreachable 1 medium"],
      ["2", "unreachable", "seen", "unplanned"],
    ]);
  });

  it("shows an account whose regions are unknown as not covered in every region", () => {
    const gap = aGap({ account: "2", region: "*" });
    const registries = [account("1", "a", "b")];
    expect(brief(aReport({ registries, gaps: [gap] }))).toEqual([["2", "unreachable", "unreachable"]]);
    expect(brief(aReport({ registries: [], gaps: [gap] }))).toEqual([["2", "unreachable"]]);
  });

  it("lists the worst accounts first, and those with findings before those with gaps", () => {
    const registries = ["1", "2", "3", "4", "5"].map((id) => account(id, "a"));
    const failing = (id: string, severity: "critical" | "high" | "low", count: number) =>
      Array.from({ length: count }, (_, index) =>
        aFinding({ id: `${id}-${severity}-${index}`, account: id, region: "a", severity }),
      );
    const findings = [...failing("1", "low", 9), ...failing("2", "high", 2), ...failing("3", "critical", 1)];
    const report = aReport({
      registries,
      findings: [...findings, ...failing("4", "high", 3)],
      gaps: [aGap({ account: "6", region: "a" })],
    });
    expect(heatMapOf(report).rows.map((row) => row.account)).toEqual(["3", "4", "2", "1", "6"]);
  });

  it("separates accounts without failures or gaps, by their covered regions", () => {
    const report = aReport({
      registries: [account("1", "a"), account("2", "a", "b"), account("3", "a", "b"), account("4", "a")],
      findings: [
        aFinding({ id: "resolved", account: "2", region: "a", transition: "resolved" }),
        aFinding({ id: "waived", account: "3", region: "a", status: "WAIVED" }),
        aFinding({ id: "fails", account: "4", region: "a" }),
      ],
    });
    const { rows, clean } = heatMapOf(report);
    expect(rows.map((row) => row.account)).toEqual(["4"]);
    expect(clean.map(({ regions, accounts }) => [regions, accounts.map((one) => one.account)])).toEqual([
      [
        ["a", "b"],
        ["2", "3"],
      ],
      [["a"], ["1"]],
    ]);
  });

  it("is empty if nothing was in scope", () => {
    expect(heatMapOf(aReport({ registries: [] }))).toEqual({ regions: [], rows: [], clean: [] });
  });
});
