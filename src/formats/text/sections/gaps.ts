import { registryKey } from "../../../ecr/registry.ts";
import { reasonAdvice } from "../../../facts/reason-advice.ts";
import { cutToCharacters } from "../../../render/escape/cut.ts";
import { inlineText } from "../../../render/escape/inline.ts";
import { type GapGroup, groupGaps } from "../../../render/group.ts";
import { locationsOfGap, nameText } from "../../../render/locations.ts";
import { type Page, type Paragraph, prose, type Section } from "../../../render/page.ts";
import { counted, grouped } from "../../../render/words.ts";
import type { Coverage, CoverageGap, Report } from "../../../schemas/report.ts";
import { locationLines } from "./location-lines.ts";

const LONGEST_DETAIL = 400;
const MOST_DETAILS = 2;

/** Lists coverage gaps, one paragraph for each reason and operation; `null` if everything was covered. */
export function gapsSection({ coverage }: Report, page: Page): Section | null {
  if (coverage.gaps.length === 0 && coverage.partial + coverage.unreachable === 0) return null;
  return {
    heading: `NOT COVERED: ${gapCounts(coverage)}`,
    paragraphs: groupGaps(coverage.gaps).map((group) => gapParagraph(group, page)),
    unit: "gap",
  };
}

function gapCounts({ partial, unreachable }: Coverage): string {
  const parts = [
    unreachable > 0 ? `${counted(unreachable, "registry", "registries")} unreachable` : null,
    partial > 0 ? `${grouped(partial)} partly covered` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "some of the requested scope" : parts.join(", ");
}

function gapParagraph({ reason, operation, gaps, details }: GapGroup, page: Page): Paragraph {
  const { title, advice } = reasonAdvice[reason];
  const unit = gaps.some(({ prefixes }) => prefixes.length > 0) ? "rule" : "registry";
  return {
    lines: [
      page.paint.yellow(title),
      ...prose(`${nameText(operation)}, ${extentOf(gaps)}`, 2, page),
      "",
      ...detailLines(details, page),
      ...locationLines(gaps.flatMap(locationsOfGap), units[unit], page),
      "",
      ...prose(`What to do: ${advice}`, 2, page),
    ],
    count: gaps.length,
  };
}

const units = {
  rule: { one: "rule", many: "rules" },
  registry: { one: "registry", many: "registries" },
} as const;

function extentOf(gaps: readonly CoverageGap[]): string {
  const registries = new Set(gaps.map(registryKey)).size;
  const accounts = new Set(gaps.map(({ account }) => account)).size;
  const count = counted(registries, "registry", "registries");
  return accounts === 1 ? count : `${count} in ${counted(accounts, "account")}`;
}

function detailLines(details: GapGroup["details"], page: Page): string[] {
  const shown = details.slice(0, MOST_DETAILS).flatMap((detail) => prose(quoted(detail), 2, page));
  const left = details.length - MOST_DETAILS;
  return left > 0 ? [...shown, `  and ${counted(left, "other message")}`] : shown;
}

function quoted({ detail, exact }: GapGroup["details"][number]): string {
  const said = `"${inlineText(cutToCharacters(detail, LONGEST_DETAIL))}"`;
  return exact ? said : `For example: ${said}`;
}
