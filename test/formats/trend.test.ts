import { describe, expect, it } from "vitest";
import { trendHtml } from "../../src/formats/trend/html.ts";
import { aReport } from "../support/report-builders.ts";
import { aRecord } from "../support/state-builders.ts";
import { someHistory } from "../support/wide-report.ts";

const none = { critical: 0, high: 0, medium: 0, low: 0, informational: 0 };
const { summary } = aReport();

/** An audit with causes that is the first one, and one that resolved some. */
const audits = [
  aRecord({
    startedAt: "2026-11-19T02:00:00.000Z",
    summary: { ...summary, causes: 3, failing: { ...none, high: 4, low: 2 } },
    trend: { causes: { ...none, high: 1, low: 2 }, resolved: 0, medianDays: null, worstDays: null },
  }),
  aRecord({
    startedAt: "2026-11-20T02:00:00.000Z",
    coverage: { planned: 13, audited: 12, partial: 1, unreachable: 0 },
    trend: { causes: none, resolved: 1, medianDays: 3, worstDays: 3 },
  }),
];

const titlesOf = (html: string) => Array.from(html.matchAll(/<title>(\d[^<]*)</g), ([, title]) => title);

describe("the page of the trend", () => {
  it("has three charts with words for those who do not see them, and a table with the latest audit first", () => {
    const html = trendHtml(audits);
    expect(html.match(/<svg[^>]* role="img" aria-label="[^"]+, as in the table below\."/g)).toHaveLength(3);
    expect(html).toContain("2 audits of the whole scope, 2026-11-19 to 2026-11-20.");
    expect(html).toContain("3 in the oldest audit shown, 0 in the latest.");
    expect(titlesOf(html)).toEqual([
      "2026-11-19: 3 open causes",
      "2026-11-20: 0 open causes",
      "2026-11-19: 12 of 12 registries read in full",
      "2026-11-20: 12 of 13 registries read in full",
      "2026-11-19: none resolved",
      "2026-11-20: 1 finding resolved after 3 days",
    ]);
    const rows = Array.from(html.matchAll(/<th scope="row">([^<]*)</g), ([, time]) => time);
    expect(rows).toEqual(["2026-11-20 02:00 UTC", "2026-11-19 02:00 UTC"]);
    expect(html).not.toMatch(/<script|https?:/);
  });

  it("shows what older versions did not record as not known, and not as none", () => {
    const [first, last] = audits;
    if (first === undefined || last === undefined) throw new Error("There are two audits");
    const uncounted = { ...first, trend: null, summary: { ...first.summary, causes: 0 } };
    const html = trendHtml([uncounted, { ...first, trend: null }, last]);
    expect(html).toContain("Not known in the oldest audit shown, 0 in the latest.");
    expect(titlesOf(html)).toEqual([
      "2026-11-19: open causes not known",
      "2026-11-19: 3 open causes, severities not known",
      "2026-11-20: 0 open causes",
      ...["12 of 12", "12 of 12", "12 of 13"].map((covered, index) => {
        return `2026-11-${index === 2 ? 20 : 19}: ${covered} registries read in full`;
      }),
      "2026-11-19: days to resolve not known",
      "2026-11-19: days to resolve not known",
      "2026-11-20: 1 finding resolved after 3 days",
    ]);
    expect(html.match(/<td[^>]*>not known</g)).toHaveLength(5);
    expect(html).toMatch(/<\/svg>Severity not known/);
    expect(html).toMatch(/<\/svg>Not known/);
    expect(trendHtml(audits)).not.toMatch(/not known/i);
  });

  it("draws every number of audits without a part outside of its chart", () => {
    for (const nights of [1, 2, 14, 90, 200]) {
      const html = trendHtml(someHistory(nights));
      for (const [, box = "", drawing = ""] of html.matchAll(
        /class="trend" viewBox="([^"]+)"(.*?)<\/svg>/gs,
      )) {
        const [, , width = 0] = box.split(" ").map(Number);
        const ends = Array.from(
          drawing.matchAll(/<rect [^>]*x="([\d.]+)"[^>]*width="([\d.]+)"/g),
          ([, x, w]) => {
            return Number(x) + Number(w);
          },
        );
        expect(Math.max(0, ...ends)).toBeLessThanOrEqual(width);
      }
    }
  });

  it("says that there is nothing to show", () => {
    expect(trendHtml([])).toContain("No audits of the whole scope are stored here.");
  });
});
