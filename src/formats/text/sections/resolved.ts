import { cutToCharacters } from "../../../render/escape/cut.ts";
import { inlineText } from "../../../render/escape/inline.ts";
import { flappingText } from "../../../render/flapping.ts";
import { groupFindings } from "../../../render/group.ts";
import { locationsOf, nameText } from "../../../render/locations.ts";
import { type Page, prose, type Section } from "../../../render/page.ts";
import { counted } from "../../../render/words.ts";
import { isResolved } from "../../../schemas/count-findings.ts";
import type { Report } from "../../../schemas/report.ts";
import { locationLines } from "./location-lines.ts";

const LONGEST_TITLE = 300;

/** Lists what failed in the previous audit and no longer fails; `null` for none. */
export function resolvedSection({ findings }: Pick<Report, "findings">, page: Page): Section | null {
  const resolved = findings.filter(isResolved);
  if (resolved.length === 0) return null;
  return {
    heading: `RESOLVED: ${counted(resolved.length, "finding")}`,
    paragraphs: groupFindings(resolved).map(({ check, title, findings: solved }) => ({
      lines: [
        ...prose(
          `${inlineText(cutToCharacters(title, LONGEST_TITLE))} (${nameText(check)})${flappingText(solved)}`,
          2,
          page,
        ),
        ...locationLines(locationsOf(solved, { marked: false }), { one: "finding", many: "findings" }, page),
      ],
      count: solved.length,
    })),
    unit: "finding",
  };
}
