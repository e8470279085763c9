import type { Finding } from "../../model/finding.ts";
import type { Report } from "../../model/report.ts";
import { groupsOf } from "../group.ts";
import { type Page, type Paragraph, prose, type Section } from "../page.ts";
import { nameText, placeOfFinding } from "../places.ts";
import { counted } from "../words.ts";
import { placeLines } from "./place-lines.ts";
import { waiverWords } from "./waiver-words.ts";

/** What is waived, a short paragraph for each waiver; `null` when nothing is. */
export function waivedSection({ findings }: Report, page: Page): Section | null {
  const waived = findings.filter(({ status }) => status === "WAIVED");
  if (waived.length === 0) return null;
  return {
    heading: `WAIVED: ${counted(waived.length, "finding")}`,
    paragraphs: groupsOf(waived, ({ check, waiver }) => JSON.stringify([check, waiver])).map((group) =>
      waivedParagraph(group, page),
    ),
    unit: "finding",
  };
}

function waivedParagraph(findings: readonly [Finding, ...Finding[]], page: Page): Paragraph {
  const [{ check, waiver }] = findings;
  const by = waiver === null ? "" : `, ${waiverWords(waiver)}`;
  const places = findings.map((finding) => placeOfFinding(finding, false));
  return {
    lines: [
      ...prose(`${nameText(check)}, ${counted(findings.length, "finding")}${by}`, 2, page),
      ...placeLines(places, { one: "finding", many: "findings" }, page),
    ],
    count: findings.length,
  };
}
