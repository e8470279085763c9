import { type ComponentChild, h } from "preact";
import { renderToString } from "preact-render-to-string";
import { groupsOf } from "../../render/group.ts";
import { accountLabel, nameText } from "../../render/locations.ts";
import { counted, elapsed, minuteOf } from "../../render/words.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import type { ExcludedAccount, Report } from "../../schemas/report.ts";
import assets from "./assets.json" with { type: "json" };
import { contextOf } from "./context.ts";
import { driftSection } from "./drift-table.ts";
import { findingsSection } from "./findings.ts";
import { heatMapOf } from "./heat-map.ts";
import { heatMapSection } from "./heat-map-table.ts";
import { listingsOf } from "./listing.ts";
import { figures, verdictBanner } from "./overview.ts";
import { trendSection } from "./trend.ts";
import { waiversSection } from "./waivers.ts";
import { worstFirst } from "./worst.ts";

const reasons = {
  "excluded-by-policy": "excluded by the policy",
  "not-active": "not active",
} as const satisfies Record<ExcludedAccount["reason"], string>;

/** Lists the accounts that are excluded from the audit's scope. */
export function leftOut({ coverage }: Report): ComponentChild {
  return groupsOf(coverage.excludedAccounts, ({ reason }) => reason).map((accounts) =>
    h("details", { class: "clean" }, [
      h("summary", null, `${counted(accounts.length, "account")} ${reasons[accounts[0].reason]}`),
      h("p", null, accounts.map(accountLabel).join(", ")),
    ]),
  );
}

/** The page may load nothing, and may run only its own script. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src '${assets.scriptHash}'`,
  `style-src '${assets.styleHash}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/**
 * Renders the report as one self-contained HTML page. It is complete without its script, which adds search and filters.
 * Collected text is inert.
 *
 * @param history the audits up to and including this one, the oldest first; without it the page shows no trend
 */
export function renderHtml(report: Report, history: readonly AuditRecord[] = []): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">',
    renderToString(
      h("title", null, `Pull through cache audit: ${report.status}, ${minuteOf(report.finishedAt)}`),
    ),
    `<style>${assets.style}</style><script>${assets.script}</script></head>`,
    renderToString(bodyOf(report, history)),
    "</html>\n",
  ].join("");
}

function bodyOf(report: Report, history: readonly AuditRecord[]) {
  const listings = listingsOf(report);
  const context = contextOf(report, history);
  const sections: readonly Section[] = [
    ["map", "Accounts and regions", [heatMapSection(heatMapOf(report)), leftOut(report)]],
    ["findings", "Findings", findingsSection(report, listings, context)],
    ["changes", "Changed rules", driftSection(report)],
    ["waivers", "Waivers", waiversSection(report)],
    ["trend", "Trend", trendSection(history)],
  ];
  const filled = sections.filter(([, , content]) => content !== null);
  return h("body", null, [
    h("a", { class: "skip", href: "#findings" }, "Skip to the findings"),
    masthead(report, filled),
    h("main", null, [
      verdictBanner(report, context),
      figures(report, context),
      worstFirst(listings, context),
      filled.map(([id, title, content]) =>
        h("section", { id, "aria-labelledby": `${id}-title` }, [
          h("h2", { id: `${id}-title` }, title),
          content,
        ]),
      ),
    ]),
  ]);
}

/** A section of the page; it is omitted if its content is `null`. */
type Section = readonly [id: string, title: string, content: ComponentChild];

const triggers = {
  schedule: "by the schedule",
  console: "manually in AWS",
  event: "by an event",
  cli: "from the command line",
} as const satisfies Record<Report["trigger"], string>;

function masthead(
  { policy, startedAt, finishedAt, trigger, auditId }: Report,
  sections: readonly Section[],
): ComponentChild {
  const time = `${minuteOf(startedAt)}, took ${elapsed(startedAt, finishedAt)}, started ${triggers[trigger]}`;
  return h("header", null, [
    h("div", null, [
      h("h1", null, ["Pull through cache audit", h("span", null, nameText(policy.name))]),
      h("p", null, [time, " \u00b7 ", h("code", null, nameText(auditId))]),
      h(
        "nav",
        { "aria-label": "Sections of this page" },
        sections.map(([id, title]) => h("a", { href: `#${id}` }, title)),
      ),
    ]),
    h("button", { type: "button", id: "theme", class: "scripted" }, "Dark"),
  ]);
}
