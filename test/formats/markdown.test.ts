import { describe, expect, it, test } from "vitest";
import { renderMarkdown } from "../../src/formats/markdown/markdown.ts";
import { fortyDenials, fortyFindings } from "../render/fleet.ts";
import { hostileReport } from "../render/hostile-report.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { MANY_FINDINGS, overwhelming } from "../render/overwhelming.ts";
import { aRule } from "../support/builders.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";
import { githubHtml, outsideCode, shownText } from "./github-page.ts";

const COMMENT = 65_536;

const notice = {
  check: "root-prefix",
  reason: "Legacy",
  owner: "team-a",
  ticket: null,
  expires: "2027-01-31",
};

describe("renderMarkdown", () => {
  it("starts with the verdict and the coverage", () => {
    const [heading, , verdict, , head, , figures] = renderMarkdown(aReport()).split("\n");
    expect([heading, verdict]).toEqual([
      "## Pull through cache audit",
      "**Compliant: nothing fails; all 12 registries were covered.**",
    ]);
    expect(head).toBe("| Registries covered | Rules | Fail | Unknown | Waived | Pass |");
    expect(figures).toBe("| 12 of 12 | 36 | 0 | 0 | 0 | 480 |");
  });

  it("shows nothing else for a compliant audit", () => {
    expect(renderMarkdown(aReport())).not.toContain("###");
  });

  it("shows a problem once, with all its locations", () => {
    const page = renderMarkdown(aReport({ findings: fortyFindings().slice(0, 3) }));
    expect(page).toContain("### Failing: 3 findings\n\n#### HIGH: ECR cannot reach the upstream (3)");
    expect(page).toContain("**What to do:** Renew the access token");
    expect(githubHtml(page).match(/<tr>/g)).toHaveLength(2 + 1 + 3);
    expect(page).not.toContain("Change");
  });

  it("shows the transitions of findings if there was a previous audit", () => {
    const findings = [
      aFinding(),
      aFinding({ id: "f-2", region: "us-east-1", transition: "unchanged", stale: true }),
    ];
    const page = renderMarkdown(aReport({ findings }));
    expect(page).toContain("| `us-east-1` | `docker-hub` | 2026-11-20 (stale) | unchanged |");
  });

  it("shows 25 locations of a problem and counts the rest", () => {
    const page = renderMarkdown(aReport({ findings: fortyFindings(), gaps: fortyDenials() }));
    expect(page).toContain("and 15 more\n");
    expect(page).toContain("_Omitted: 15 findings, 15 gaps. See the JSON report for everything._");
  });

  it("lists gaps, and only counts the findings that they explain", () => {
    const data = { reason: "denied-by-scp", operation: "ecr:DescribePullThroughCacheRules" };
    const unknown = { status: "UNKNOWN", transition: null } as const;
    const { account, region } = aGap();
    const page = renderMarkdown(
      aReport({
        gaps: [aGap()],
        findings: [
          aFinding({ ...unknown, account, region, prefix: null, kind: "evidence-unreadable", data }),
          aFinding({ ...unknown, id: "f-2", title: "Not evaluated", kind: "validation-declined", data: {} }),
        ],
      }),
    );
    expect(page).toContain("### Not covered: 1 gap, which leaves 1 finding unknown");
    expect(page).toContain("### Unknown: 1 finding\n\n#### HIGH: Not evaluated (1)");
  });

  it("lists resolved findings, changed rules and waivers", () => {
    const page = renderMarkdown(
      aReport({
        findings: [aFinding({ transition: "resolved" })],
        drift: [
          aDrift({ change: "modified", before: aRule(), after: aRule({ upstreamRegistryUrl: "ghcr.io" }) }),
        ],
        waivers: { expired: [notice], expiring: [], unused: [{ ...notice, check: "rule-quota" }] },
      }),
    );
    expect(page).toContain("### Resolved: 1 finding");
    expect(shownText(githubHtml(page))).toContain("upstream registry-1.docker.io -> ghcr.io");
    expect(page).toContain("| expired | `root-prefix` | until 2027-01-31");
    expect(page).toContain("| unused | `rule-quota` |");
  });
});

test.each(hostileRows)("%s does nothing on GitHub", (_what, text) => {
  const page = renderMarkdown(hostileReport(text));
  const html = githubHtml(page);
  const own = /<\/?(h[234]|p|strong|em|table|thead|tbody|tr|th|td|code)>/g;
  expect(html.replaceAll(own, "")).not.toContain("<");
  expect(outsideCode(html)).not.toMatch(/[@#[\]*_~`]|:\/\//);
  expect(page).not.toMatch(unprintable);
  expect(page.length).toBeLessThanOrEqual(COMMENT);
});

test("a page that is too long is cut between problems, and counts what is missing", () => {
  const page = renderMarkdown(overwhelming());
  expect(page.length).toBeLessThanOrEqual(COMMENT);
  expect(page.length).toBeGreaterThan(COMMENT / 2);
  const shown = page.match(/^#### HIGH/gm)?.length ?? 0;
  expect(page).toContain(`_Omitted: ${MANY_FINDINGS - shown} findings, `);
});
