import { checks } from "../src/checks/index.ts";
import { keysOf } from "../src/core/records.ts";
import { formats, renderReport } from "../src/formats/index.ts";
import type { Report } from "../src/schemas/report.ts";

/** The context of the samples. Its version is fixed, so that samples do not change with the product's version. */
const context = {
  color: false,
  width: 80,
  hub: { account: "111122223333", region: "us-east-1" },
  version: "1.0.0",
  helpOf,
};

/** Help without the check's document, which is long. */
function helpOf(id: string) {
  const check = checks.find((known) => known.id === id);
  return check === undefined ? null : { failsWhen: check.failsWhen, document: "# rule-validation …" };
}

/** The document with `report` in each format that has a sample. @throws Error when a mark is missing */
export async function withSamples(document: string, report: Report): Promise<string> {
  let text = document;
  for (const name of keysOf(formats)) {
    const language = formats[name].sample;
    if (language === null) continue;
    const [begin, end] = [`<!-- sample: ${name} -->`, "<!-- end of sample -->"];
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`docs/reports.md has lost its mark ${begin} or the end of it`);
    const sample = inBlock(await renderReport(report, name, context));
    text = `${text.slice(0, from)}${begin}\n${fence}${language}\n${sample}\n${fence}\n${text.slice(to)}`;
  }
  return text;
}

const fence = "````";

/** Normalizes line ends to those of the document. */
function inBlock(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
