import { checks } from "../src/checks/index.ts";
import { renderAsffFile } from "../src/formats/asff/asff.ts";
import { renderCsv } from "../src/formats/csv.ts";
import { renderJunit } from "../src/formats/junit.ts";
import { renderMarkdown } from "../src/formats/markdown/markdown.ts";
import { renderOcsf } from "../src/formats/ocsf.ts";
import { renderSarif } from "../src/formats/sarif/sarif.ts";
import { renderText } from "../src/formats/text/text.ts";
import type { Report } from "../src/schemas/report.ts";

const hub = { hubAccount: "111122223333", hubRegion: "us-east-1" };

/** The version that samples show, whatever the product's is. */
const version = "1.0.0";

/** Each format that `docs/reports.md` shows, with the language of its block there. */
const samples = {
  text: ["text", (report) => renderText(report, { color: false, width: 80 })],
  markdown: ["markdown", renderMarkdown],
  csv: ["text", renderCsv],
  sarif: ["json", (report) => renderSarif(report, { version, helpOf })],
  junit: ["xml", renderJunit],
  asff: ["json", (report) => renderAsffFile(report, hub)],
  ocsf: ["json", (report) => renderOcsf(report, version)],
} as const satisfies Record<string, readonly [language: string, render: (report: Report) => string]>;

/** Without the document of the check, which is long. */
function helpOf(id: string) {
  const check = checks.find((known) => known.id === id);
  return check === undefined ? null : { failsWhen: check.failsWhen, document: "# rule-validation …" };
}

/** The document with `report` in each format where its marks are. @throws Error when a mark is gone */
export function withSamples(document: string, report: Report): string {
  return Object.entries(samples).reduce((text, [name, [language, render]]) => {
    const [begin, end] = [`<!-- sample: ${name} -->`, "<!-- end of sample -->"];
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`docs/reports.md has lost its mark ${begin} or the end of it`);
    const block = `${begin}\n${fence}${language}\n${inBlock(render(report))}\n${fence}\n`;
    return text.slice(0, from) + block + text.slice(to);
  }, document);
}

const fence = "````";

/** The document has lines of its own kind, whatever those of the format are. */
function inBlock(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
