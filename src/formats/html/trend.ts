import { type ComponentChild, h } from "preact";
import type { AuditRecord } from "../../schemas/history.ts";
import { MOST_AUDITS, trendCharts, trendTable } from "../trend/charts.ts";

/** Renders the trend of the most recent audits of the whole scope; `null` for fewer than two. */
export function trendSection(history: readonly AuditRecord[]): ComponentChild {
  const audits = history.filter(({ wholeScope }) => wholeScope).slice(-MOST_AUDITS);
  if (audits.length < 2) return null;
  return [
    trendCharts(audits).map(({ title, note, legend, drawing }) => [
      h("h3", null, title),
      h("p", { class: "note" }, note),
      legend,
      drawing,
    ]),
    h("details", { class: "figures-table" }, [h("summary", null, "Show as a table"), trendTable(audits)]),
  ];
}
