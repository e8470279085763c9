import { type ComponentChild, h } from "preact";
import type { Evidence } from "../../schemas/evidence.ts";
import { shown } from "../html/elements.ts";
import { printablePage } from "../html/printable-page.ts";
import { sections } from "./sections.ts";
import { summaryOf } from "./summary.ts";

/** The style of the page: one column, black on white, and tables that repeat their heads on each printed page. */
const style = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1e22; background: #fff; margin: 2rem auto; max-width: 76rem; padding: 0 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
p { max-width: 46rem; } .quiet { color: #535a63; }
table { border-collapse: collapse; width: 100%; font-size: .87em; }
th, td { text-align: left; vertical-align: top; padding: .3em .8em .3em 0; border-bottom: 1px solid #d9dde2; overflow-wrap: break-word; }
.d { white-space: nowrap; }
thead th { border-bottom: 2px solid #1b1e22; vertical-align: bottom; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } .n + :not(.n) { padding-left: .4em; }
.wide { overflow-x: auto; }
@page { size: A4 landscape; margin: 12mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 9pt; line-height: 1.4; } .wide { overflow: visible; }
  h2, h2 + p { break-after: avoid; } tr, .short table { break-inside: avoid; } thead { display: table-header-group; } }
`;

/** Renders the evidence of a period as a page to read and to print. It needs no network and runs no script. */
export function evidenceHtml(evidence: Evidence): string {
  const { from, to, store, limits } = evidence;
  const title = `Evidence of pull through cache audits, ${from} to ${to}`;
  return printablePage(title, style, [
    h("p", { class: "quiet" }, `From the stored reports in ${shown(store)}.`),
    h("h2", null, "Summary"),
    list(summaryOf(evidence)),
    h("h2", null, "What this does not show"),
    list(limits),
    ...sections(evidence),
  ]);
}

function list(sentences: readonly string[]): ComponentChild {
  return h(
    "ul",
    null,
    sentences.map((sentence) => h("li", null, sentence)),
  );
}
