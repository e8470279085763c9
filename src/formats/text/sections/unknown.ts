import { reasonAdvice } from "../../../facts/reason-advice.ts";
import { cutToCharacters } from "../../../render/escape/cut.ts";
import { inlineText } from "../../../render/escape/inline.ts";
import { groupsOf } from "../../../render/group.ts";
import { locationsOf, nameText } from "../../../render/locations.ts";
import { type Page, type Paragraph, prose, type Section } from "../../../render/page.ts";
import { isGapReason } from "../../../render/reasons.ts";
import { unexplainedBy } from "../../../render/verdict.ts";
import { counted, grouped, listed } from "../../../render/words.ts";
import type { Finding } from "../../../schemas/finding.ts";
import type { Report } from "../../../schemas/report.ts";
import { locationLines } from "./location-lines.ts";

const LONGEST_MESSAGE = 400;
const MOST_CHECKS = 6;

/**
 * Lists what could not be evaluated, one paragraph for each reason. Findings that a coverage gap explains are only
 * counted; `null` if everything was evaluated.
 */
export function unknownSection({ findings, coverage }: Report, page: Page): Section | null {
  const unknown = findings.filter(({ status }) => status === "UNKNOWN");
  if (unknown.length === 0) return null;
  const unexplained = unexplainedBy(coverage.gaps, unknown);
  const explained = unknown.length - unexplained.length;
  return {
    heading: `UNKNOWN: ${counted(unknown.length, "finding")}`,
    paragraphs: [
      ...(explained > 0 ? [explainedParagraph(explained, unknown.length, page)] : []),
      ...groupsOf(unexplained, reasonKey).map((group) => reasonParagraph(group, page)),
    ],
    unit: "finding",
  };
}

function explainedParagraph(explained: number, all: number, page: Page): Paragraph {
  const which = explained === all ? "All of them" : `${grouped(explained)} of them`;
  return {
    lines: prose(`${which} because of the gaps listed under NOT COVERED.`, 2, page),
    count: explained,
  };
}

function reasonKey({ check, kind, data }: Finding): string {
  return isGapReason(data["reason"])
    ? JSON.stringify([data["reason"], data["operation"]])
    : JSON.stringify([check, kind]);
}

function reasonParagraph(findings: readonly [Finding, ...Finding[]], page: Page): Paragraph {
  const [{ title, message, data }] = findings;
  const { reason } = data;
  const checks = [...new Set(findings.map(({ check }) => nameText(check)))];
  const what = isGapReason(reason) ? reasonAdvice[reason].title : nameText(title);
  return {
    lines: [
      page.paint.yellow(what),
      ...prose(`${counted(findings.length, "finding")} of ${listed(checks, MOST_CHECKS)}`, 2, page),
      "",
      ...prose(inlineText(cutToCharacters(message, LONGEST_MESSAGE)), 2, page),
      ...locationLines(locationsOf(findings, { marked: false }), { one: "finding", many: "findings" }, page),
    ],
    count: findings.length,
  };
}
