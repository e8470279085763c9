import { describe, expect, it } from "vitest";
import { listingsOf } from "../../../src/formats/html/listing.ts";
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

  it("have an anchor for each entry", () => {
    const ids = listingsOf(fleet()).flatMap(({ entries }) => entries.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
