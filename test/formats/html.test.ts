import { describe, expect, it } from "vitest";
import { renderHtml } from "../../src/formats/html/html.ts";
import { fleet } from "../render/fleet.ts";
import { hostileReport } from "../render/hostile-report.ts";
import { hostileTexts, unprintable } from "../render/hostile-texts.ts";
import { overwhelming } from "../render/overwhelming.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";
import { someHistory, wideReport } from "../support/wide-report.ts";
import { markupTexts } from "./markup.ts";

/** What a reader reads of a page, in one line; the script and the style aside. */
function textOf(html: string): string {
  return html
    .replace(/<(script|style)>.*?<\/\1>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
}

describe("the page says", () => {
  const all = textOf(renderHtml(fleet(), someHistory(12)));

  it.each([
    [
      "the verdict",
      "Non-compliant 1 critical, 18 high, 1 low failing; 41 of 53 registries not fully covered.",
    ],
    ["what is new and what is fixed", "Since the previous audit 2 new 1 resolved 1 changed"],
    ["how much was covered", "Coverage 12 of 53 registries 1 partly covered, 40 unreachable"],
    ["the worst problem first", "New or changed Critical The upstream is not allowed 1 finding"],
    [
      "what to do about it",
      "Delete the rule, or add an entry for github-container-registry to allowedUpstreams.",
    ],
    ["why it matters", "Why it matters A rule determines where images come from."],
    ["the evidence", "failure The credentials were refused by the upstream registry."],
    ["what was not seen, and what to do", "Denied by a service control policy 40 registries in 20 accounts"],
    ["that a finding is stale", "stale last seen 2026-11-18"],
    [
      "how a finding is waived",
      "Waived until 2027-01-31, by team-a, SEC-12: Renamed with the next platform release",
    ],
    ["what a rule was and is", "modified unknown upstream public.ecr.aws ghcr.io"],
    ["that a rule is gone", "removed unknown upstream quay.io none"],
    ["that a waiver has expired", "2026-11-01 expired 19 days ago secret-health team-b"],
    ["that a waiver holds", "2027-01-31 active, waives 1 prefix-convention team-a SEC-12"],
    ["that a waiver waives nothing", "2027-03-31 unused root-prefix team-c SEC-9"],
    ["the trend, in figures too", "2026-11-20 02:00 UTC 34 0 4 22 8 0 12 of 12 3 2 4"],
  ])("%s", (_what, words) => {
    expect(all).toContain(words);
  });

  it("when a waiver expires", () => {
    const notice = { check: "*", reason: "r", owner: "o", ticket: null };
    const waivers = {
      expired: [],
      expiring: [
        { ...notice, expires: "2026-11-21" },
        { ...notice, expires: "2026-11-30" },
      ],
      unused: [],
    };
    const text = textOf(renderHtml(aReport({ waivers })));
    expect(text).toContain("2026-11-21 expires in 1 day");
    expect(text).toContain("2026-11-30 expires in 10 days");
  });

  it("that a first audit is the baseline, and marks nothing as new", () => {
    const text = textOf(renderHtml(aReport({ baseline: true, findings: [aFinding()] }), someHistory(1)));
    expect(text).toContain("This was the first audit");
    expect(text).not.toContain("1 new");
  });

  it("that an audit without a store has no previous audit to compare with", () => {
    const text = textOf(renderHtml(aReport({ findings: [aFinding()] })));
    expect(text).toContain("No previous audit to compare with (use --store).");
    expect(text).not.toContain("1 new");
  });

  it("that coverage dropped, if there was a previous audit", () => {
    const { coverage } = aReport({ gaps: [aGap()] });
    const report = aReport({ coverage: { ...coverage, dropped: true } });
    const words = "A smaller share of the registries was covered than in the previous audit.";
    expect(textOf(renderHtml(report, someHistory(2)))).toContain(words);
    expect(textOf(renderHtml(report, []))).not.toContain(words);
  });

  it("how many changed rules it does not show", () => {
    const drift = Array.from({ length: 502 }, () => aDrift());
    expect(textOf(renderHtml(aReport({ drift })))).toContain("and 2 more rules: see the JSON report.");
  });
});

describe("the trend", () => {
  it("begins with the second audit, and omits audits with a narrower scope", () => {
    const [one, other] = someHistory(2);
    if (one === undefined || other === undefined) throw new Error("There are two audits");
    expect(renderHtml(aReport(), [one])).not.toContain('id="trend"');
    expect(renderHtml(aReport(), [one, { ...other, wholeScope: false }])).not.toContain('id="trend"');
    expect(renderHtml(aReport(), [one, other])).toContain('id="trend"');
  });

  it("has a chart of open causes, of coverage and of days to resolve, and says what is not known", () => {
    const html = renderHtml(aReport(), someHistory(12));
    for (const title of ["Open causes by severity", "Coverage", "Days to resolve"]) {
      expect(html).toContain(`<h3>${title}</h3>`);
      expect(html).toContain(`aria-label="${title}, as in the table below."`);
    }
    expect(html).toContain("2026-11-10: 64 open causes, severities not known");
    expect(html).toMatch(/<th scope="row">2026-11-09 02:00 UTC<\/th><td>not known<\/td>/);
  });

  it("shows the last ninety", () => {
    expect(renderHtml(aReport(), someHistory(200)).match(/<g><title>/g)).toHaveLength(3 * 90);
  });
});

describe.each(Object.entries({ ...hostileTexts, ...markupTexts }))("%s", (_what, text) => {
  const html = renderHtml(hostileReport(text));

  it("adds nothing to the page but text", () => {
    const withoutText = renderHtml(hostileReport("text"));
    const tagsOf = (page: string) => new Set(page.match(/<[a-z0-9]+[ >]/g));
    expect(tagsOf(html)).toEqual(tagsOf(withoutText));
  });

  it("is printable, and cut where it is long", () => {
    expect(html).not.toMatch(unprintable);
    expect(html.length).toBeLessThan(1_000_000);
  });
});

it("keeps hundreds of problems with long texts within bounds", () => {
  expect(renderHtml(overwhelming()).length).toBeLessThan(20_000_000);
});

it("is the same for the same report", () => {
  const report = wideReport({ accounts: 20, regions: 5, findings: 50 });
  expect(renderHtml(report, someHistory(5))).toBe(renderHtml(report, someHistory(5)));
});
