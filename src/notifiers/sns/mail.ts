import { byteLength } from "../../core/bytes.ts";
import { driftSection } from "../../formats/text/sections/drift.ts";
import { knownSection, newsSection, remindersSection } from "../../formats/text/sections/failing.ts";
import { gapsSection } from "../../formats/text/sections/gaps.ts";
import { changeWords, overview } from "../../formats/text/sections/overview.ts";
import { resolvedSection } from "../../formats/text/sections/resolved.ts";
import { unknownSection } from "../../formats/text/sections/unknown.ts";
import { waiverNoticesSection } from "../../formats/text/sections/waivers.ts";
import { reportAccess } from "../../render/addresses.ts";
import { changesIn } from "../../render/counts.ts";
import { cutToCharacters, fitting } from "../../render/escape/cut.ts";
import { mailText } from "../../render/escape/email.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { safeJson } from "../../render/escape/json.ts";
import { type Page, type Paragraph, pageOf, prose, type Section, sectionText } from "../../render/page.ts";
import { FIRST_AUDIT, verdictOf } from "../../render/verdict.ts";
import { counted, type DeliveryOptions, pageLocation } from "../../render/words.ts";
import type { Report } from "../../schemas/report.ts";

/**
 * Renders a section whose paragraphs take at most `bytes` bytes when encoded in JSON. What was cut is counted at the
 * end.
 */
function cutSection(section: Section, bytes: number, page: Page): string {
  const paragraphs = fittingParagraphs(section.paragraphs, bytes);
  const text = sectionText({ ...section, paragraphs }, page);
  const missing = countOf(section.paragraphs) - countOf(paragraphs);
  if (missing === 0) return text;
  return `${text}\n\n  and ${counted(missing, `more ${section.unit}`)} that did not fit here`;
}

function fittingParagraphs(paragraphs: readonly Paragraph[], bytes: number): readonly Paragraph[] {
  const whole = fitting(paragraphs, bytes, ({ lines }) => sizeWithinJson(lines.join("\n\n")));
  const [first] = paragraphs;
  // The worst problem is shown in part rather than not at all.
  return whole.length === 0 && first !== undefined ? [beginningOf(first, bytes)] : whole;
}

function beginningOf({ lines, count }: Paragraph, bytes: number): Paragraph {
  const kept = fitting(lines, bytes, sizeWithinJson);
  return { lines: [...kept, "  (cut here: too long for this message)"], count };
}

function countOf(paragraphs: readonly Paragraph[]): number {
  return paragraphs.reduce((sum, { count }) => sum + count, 0);
}

function sizeWithinJson(text: string): number {
  return byteLength(safeJson(text));
}

/** The usual width of plain-text mail, which does not wrap when it is quoted. */
const WIDTH = 72;

/** The maximum size of sections in the SNS message, in bytes as encoded there: text inside JSON. */
const NEWS_BYTES = 24 * 1024;
const OTHER_BYTES = 6 * 1024;
const LONGEST_LOCATION = 500;

/**
 * Renders the digest as a plain-text mail: the verdict, new failures and how to fix them, resolved findings, changed
 * rules, known failures and coverage gaps. Each section is cut at its limit and counts what was cut. The mail ends with
 * the location of the full report.
 */
export function mailDigest(report: Report, options: DeliveryOptions): string {
  const page = pageOf(WIDTH, false);
  const sections: readonly (readonly [Section | null, number])[] = [
    [newsSection(report, page), NEWS_BYTES],
    [resolvedSection(report, page), OTHER_BYTES],
    [driftSection(report, page), OTHER_BYTES],
    [remindersSection(report, page), OTHER_BYTES],
    [knownSection(report, page), OTHER_BYTES],
    [gapsSection(report, page), OTHER_BYTES],
    [unknownSection(report, page), OTHER_BYTES],
    [waiverNoticesSection(report, page), OTHER_BYTES],
  ];
  const parts = [
    opening(report, page),
    ...sections.flatMap(([section, bytes]) => (section === null ? [] : [cutSection(section, bytes, page)])),
    overview("THE WHOLE AUDIT", report, page),
    closing(report, options, page),
  ];
  return mailText(`${parts.join("\n\n\n")}\n`);
}

function opening(report: Report, page: Page): string {
  const changes = report.baseline ? FIRST_AUDIT : changesSentence(report);
  const lines = prose(verdictOf(report), 0, page);
  return [...lines, ...(changes === null ? [] : prose(changes, 0, page))].join("\n");
}

/** Describes the changes among the findings of this mail; other topics may receive further findings of the audit. */
function changesSentence({ findings }: Report): string | null {
  const changes = changesIn(findings);
  const text = changes === null ? null : changeWords(changes);
  return text === null ? null : `${text}.`;
}

function closing(report: Report, { reportLocation }: DeliveryOptions, page: Page): string {
  if (reportLocation === null) return "The full report was not stored.";
  const location = inlineText(cutToCharacters(pageLocation(reportLocation), LONGEST_LOCATION));
  const { url, command } = reportAccess(report, reportLocation);
  return [
    ...prose(`Full report: ${url === null ? location : inlineText(url)}`, 0, page),
    ...(command === null ? [] : [`  ${inlineText(command)}`]),
  ].join("\n");
}
