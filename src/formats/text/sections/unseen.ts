import { registryKey } from "../../../ecr/registry.ts";
import { reasonAdvice } from "../../../facts/reason-advice.ts";
import { cutToCharacters } from "../../../render/escape/cut.ts";
import { inlineText } from "../../../render/escape/inline.ts";
import { type GapGroup, groupGaps } from "../../../render/group.ts";
import { type Page, type Paragraph, prose, type Section } from "../../../render/page.ts";
import { locationsOfGap, nameText } from "../../../render/places.ts";
import { counted, grouped } from "../../../render/words.ts";
import type { Coverage, CoverageGap, Report } from "../../../schemas/report.ts";
import { locationLines } from "./place-lines.ts";

const LONGEST_DETAIL = 400;
const MOST_DETAILS = 2;

/** What could not be seen, a paragraph for each reason and operation; `null` when everything was. */
export function unseenSection({ coverage }: Report, page: Page): Section | null {
  if (coverage.gaps.length === 0 && coverage.partial + coverage.unreachable === 0) return null;
  return {
    heading: `NOT SEEN: ${unseenCounts(coverage)}`,
    paragraphs: groupGaps(coverage.gaps).map((group) => gapParagraph(group, page)),
    unit: "gap",
  };
}

function unseenCounts({ partial, unreachable }: Coverage): string {
  const parts = [
    unreachable > 0 ? `${counted(unreachable, "registry", "registries")} unreachable` : null,
    partial > 0 ? `${grouped(partial)} seen only in part` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "some of what was asked" : parts.join(", ");
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
  const shown = details.slice(0, MOST_DETAILS).flatMap((detail) => prose(saidBy(detail), 2, page));
  const left = details.length - MOST_DETAILS;
  return left > 0 ? [...shown, `  and ${counted(left, "other answer")}`] : shown;
}

function saidBy({ detail, exact }: GapGroup["details"][number]): string {
  const said = `"${inlineText(cutToCharacters(detail, LONGEST_DETAIL))}"`;
  return exact ? said : `For example: ${said}`;
}
