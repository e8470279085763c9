import { describe, expect, it } from "vitest";
import { renderHtml } from "../../../src/formats/html/html.ts";
import { listingsOf, mostListed } from "../../../src/formats/html/listing.ts";
import { fleet } from "../../render/fleet.ts";
import { aFinding, aGap, aReport } from "../../support/report-builders.ts";

describe("the listings of the page", () => {
  it("contain everything in a report, by status", () => {
    expect(listingsOf(fleet()).map(({ status, count, entries }) => [status, count, entries.length])).toEqual([
      ["failing", 20, 3],
      ["unseen", 41, 2],
      ["unknown", 1, 1],
      ["waived", 1, 1],
      ["fixed", 1, 1],
    ]);
  });

  it("omit passing findings, and those that gaps explain", () => {
    const gap = aGap({ reason: "throttled", operation: "ecr:GetRegistryPolicy", state: "partial" });
    const { account, region } = gap;
    const data = { reason: "throttled", operation: "ecr:GetRegistryPolicy", detail: "" };
    const findings = [
      aFinding({ id: "1", status: "PASS", transition: null }),
      aFinding({ id: "2", status: "NOT_APPLICABLE", transition: null }),
      aFinding({ id: "3", status: "UNKNOWN", transition: null, account, region, data }),
    ];
    const listings = listingsOf(aReport({ findings, gaps: [gap] }));
    expect(listings.map(({ status }) => status)).toEqual(["unseen"]);
  });

  it("list the first of very many findings, and count those that they omit", () => {
    const findings = Array.from({ length: mostListed + 2 }, (_, index) => aFinding({ id: String(index) }));
    const report = aReport({ findings });
    const [failing] = listingsOf(report);
    const listed = failing?.entries.flatMap((entry) =>
      entry.kind === "problem" ? entry.problem.findings : [],
    );
    expect(failing).toMatchObject({ status: "failing", count: mostListed + 2, omitted: 2 });
    expect(listed).toHaveLength(mostListed);
    expect(renderHtml(report)).toContain("2 less severe findings not listed on this page.");
  });

  it("have an anchor for each entry", () => {
    const ids = listingsOf(fleet()).flatMap(({ entries }) => entries.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
