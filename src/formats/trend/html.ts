import { h } from "preact";
import { counted, dayOf } from "../../render/words.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import { printablePage } from "../html/printable-page.ts";
import { trendCharts, trendTable } from "./charts.ts";

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1b1e22, #e6e9ec); --quiet: light-dark(#535a63, #a4adb6); --line: light-dark(#d9dde2, #343b42);
  --critical: light-dark(#8b0f3c, #ff6f91); --high: light-dark(#c43d17, #f5875f); --medium: light-dark(#b98200, #e2b33c); --low: light-dark(#3b78a8, #75b2e0); --informational: light-dark(#7d8792, #8d97a2); --part: light-dark(#2f7d5b, #62bf95); --gap: light-dark(#b98200, #e2b33c); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: light-dark(#fff, #14171a); margin: 2rem auto; max-width: 68rem; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; } p { margin: .25rem 0; } .quiet { color: var(--quiet); }
.wide:has(> .trend) { display: flex; flex-direction: row-reverse; } .trend { flex: none; margin: .5rem auto 0 0; } .trend text { font-size: 12px; fill: var(--quiet); } .trend line { stroke: var(--line); }
.critical { fill: var(--critical); } .high { fill: var(--high); } .medium { fill: var(--medium); } .low { fill: var(--low); } .informational { fill: var(--informational); } .part { fill: var(--part); } .gap { fill: var(--gap); } .unseen { fill: var(--quiet); }
.legend { display: flex; flex-wrap: wrap; gap: 0 1.2rem; font-size: .87rem; } .legend svg { margin-right: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; } th, td { text-align: right; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); }
th:first-child { text-align: left; } tbody :is(th, td) { white-space: nowrap; } td.unknown { text-align: center; color: var(--quiet); } .wide { overflow-x: auto; }
@page { margin: 14mm; }
@media print { :root { color-scheme: light; } * { print-color-adjust: exact; } body { margin: 0; padding: 0; max-width: none; } h2, h2 + p, .legend { break-after: avoid; } .trend { max-width: 100%; height: auto; } svg, tr { break-inside: avoid; } thead { display: table-header-group; } .wide { overflow: visible; } }
`;

/**
 * Renders the trend of audits as a page to read and to print: three charts, and a table with the same figures. It needs
 * no network and runs no script.
 *
 * @param audits the oldest first
 */
export function trendHtml(audits: readonly AuditRecord[]): string {
  const [first, last] = [audits[0], audits.at(-1)];
  const title = "Trend of pull through cache audits";
  if (first === undefined || last === undefined) {
    const none = "No audits of the whole scope are stored here.";
    return printablePage(title, style, [h("p", { class: "quiet" }, none)]);
  }
  const days = `${dayOf(first.startedAt)} to ${dayOf(last.startedAt)}`;
  return printablePage(title, style, [
    h("p", { class: "quiet" }, `${counted(audits.length, "audit")} of the whole scope, ${days}.`),
    ...trendCharts(audits).flatMap((chart) => [
      h("h2", null, chart.title),
      h("p", null, chart.note),
      chart.legend,
      chart.drawing,
    ]),
    h("h2", null, "Figures"),
    trendTable(audits),
  ]);
}
