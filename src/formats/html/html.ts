import { type ComponentChild, h } from "preact";
import { renderToString } from "preact-render-to-string";
import { groupsOf } from "../../render/group.ts";
import { accountLabel, nameText } from "../../render/places.ts";
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
  "excluded-by-policy": "left out by the policy",
  "not-active": "not active",
} as const satisfies Record<ExcludedAccount["reason"], string>;

/** The accounts that nobody looked at, because the scope leaves them out. */
export function leftOut({ coverage }: Report): ComponentChild {
  return groupsOf(coverage.excludedAccounts, ({ reason }) => reason).map((accounts) =>
    h("details", { class: "clean" }, [
      h("summary", null, `${counted(accounts.length, "account")} ${reasons[accounts[0].reason]}`),
      h("p", null, accounts.map(accountLabel).join(", ")),
    ]),
  );
}

/** Nothing may be loaded from anywhere, and nothing runs but the page's own script. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src '${assets.scriptHash}'`,
  `style-src '${assets.styleHash}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/**
 * The report as one page that needs nothing else: static and complete, and with its script searchable. Collected text
 * in it is inert.
 *
 * @param history the audits until this one, the oldest first; without it there is no trend
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

/** A part of the page; without content it is left out. */
type Section = readonly [id: string, title: string, content: ComponentChild];

const triggers = {
  schedule: "by its schedule",
  console: "by hand in AWS",
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
        { "aria-label": "Parts of this page" },
        sections.map(([id, title]) => h("a", { href: `#${id}` }, title)),
      ),
    ]),
    h("button", { type: "button", id: "theme", class: "scripted" }, "Dark"),
  ]);
}
