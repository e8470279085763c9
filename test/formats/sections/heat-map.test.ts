import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, test } from "vitest";
import { heatMapSection } from "../../../src/formats/text/sections/heat-map.ts";
import { pageOf, sectionText } from "../../../src/render/page.ts";
import type { Report } from "../../../src/schemas/report.ts";
import { account } from "../../render/fleet.ts";
import { hostileReport } from "../../render/hostile-report.ts";
import { hostileRows, unprintable } from "../../render/hostile-texts.ts";
import { aFinding, aGap, aReport } from "../../support/report-builders.ts";

const LEGEND = "  H3: 3 fail, worst is high; . nothing fails; ~ partly covered; ? not covered.";

function mapOf(report: Report, width = 80, color = false): readonly string[] {
  const page = pageOf(width, color);
  const section = heatMapSection(report, page);
  return section === null ? [] : sectionText(section, page).split("\n").slice(2);
}

describe("the map in text", () => {
  it("shows the worst of each registry, the worst accounts first", () => {
    const web = { account: "333344445555", accountName: "web-prod" };
    const report = aReport({
      findings: [
        aFinding({ severity: "low" }),
        aFinding({ id: "f-2", severity: "critical" }),
        aFinding({ id: "f-3", severity: "medium", region: "us-east-1" }),
        aFinding({ ...web, id: "f-4", severity: "low" }),
        aFinding({ ...web, id: "f-5", transition: "resolved" }),
      ],
      gaps: [aGap(), aGap({ ...web, region: "us-east-1", state: "partial" })],
    });
    expect(mapOf(report)).toEqual([
      "                              euc1  euw1  use1",
      "  111122223333 payments-prod  .     C2    M1",
      "  333344445555 web-prod       .     L1    ~",
      "  444455556666 sandbox                    ?",
      "",
      "  Not shown: 2 accounts without failures or gaps.",
      LEGEND,
    ]);
  });

  it("marks failures in a registry that was not fully covered", () => {
    const gap = aGap({ account: "111122223333", region: "eu-west-1", state: "partial" });
    expect(mapOf(aReport({ findings: [aFinding()], gaps: [gap] }))[1]).toMatch(/ H1~$| H1~ /);
  });

  it("is omitted if nothing fails, and for a single registry", () => {
    expect(mapOf(aReport())).toEqual([]);
    const one = { planned: 1, audited: 1, partial: 0, unreachable: 0 };
    const { coverage } = aReport();
    expect(mapOf(aReport({ findings: [aFinding()], coverage: { ...coverage, ...one } }))).toEqual([]);
  });

  it("folds beyond twelve accounts", () => {
    const findings = Array.from({ length: 30 }, (_, index) =>
      aFinding({ ...account(index), id: `f-${index}` }),
    );
    const lines = mapOf(aReport({ findings }));
    expect(lines.filter((line) => line.includes("H1"))).toHaveLength(12);
    expect(lines.join("\n")).toContain("18 more accounts with failures or gaps");
  });

  it("drops names first on a narrow page, then the regions with the least to report", () => {
    const regions = ["eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "us-west-2", "ap-south-1"];
    const findings = [
      ...regions.map((region, index) => aFinding({ id: `a-${index}`, region })),
      ...regions
        .slice(3)
        .map((region, index) =>
          aFinding({ id: `b-${index}`, region, account: "333344445555", accountName: "web-prod" }),
        ),
    ];
    const report = aReport({ findings });
    expect(mapOf(report, 80)[0]).toContain("aps1  euc1  euw1  euw2  euw3  use1  usw2");
    const narrow = mapOf(report, 40);
    expect(narrow[0]).toBe("                aps1  euw1  use1  usw2");
    expect(narrow[1]).toBe("  111122223333  H1    H1    H1    H1");
    expect(narrow.join(" ")).toContain("3 more regions");
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(40);
  });

  it("says the same in colour", () => {
    const report = aReport({ findings: [aFinding()], gaps: [aGap()] });
    const colored = mapOf(report, 80, true).join("\n");
    expect(colored).toContain("\u001b[31mH1\u001b[39m");
    expect(stripVTControlCharacters(colored)).toBe(mapOf(report).join("\n"));
  });

  it("abbreviates regions", () => {
    const regions = ["ap-southeast-2", "us-gov-west-1", "me-central-1", "mars"];
    const findings = regions.map((region, index) => aFinding({ id: `f-${index}`, region }));
    expect(mapOf(aReport({ findings }))[0]).toMatch(/ apse2 +euc1 +euw1 +mars +mec1 +use1 +usgw1$/);
  });
});

test.each(hostileRows)("%s does nothing", (_what, text) => {
  const report = hostileReport(text);
  const shown = mapOf({ ...report, findings: report.findings.map((one) => ({ ...one, region: text })) }).join(
    "\n",
  );
  expect(shown).not.toMatch(unprintable);
  expect(shown.length).toBeLessThan(5_000);
});
