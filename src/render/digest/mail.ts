import type { Report } from "../../model/report.ts";
import { type DeliveryOptions, pageLocation } from "../delivery.ts";
import { cutToCharacters } from "../escape/cut.ts";
import { mailText } from "../escape/email.ts";
import { inlineText } from "../escape/inline.ts";
import { type Page, pageOf, prose, type Section } from "../page.ts";
import { driftSection } from "../sections/drift.ts";
import { knownSection, newsSection, remindersSection } from "../sections/failing.ts";
import { changeWords, overview } from "../sections/overview.ts";
import { resolvedSection } from "../sections/resolved.ts";
import { unjudgedSection } from "../sections/unjudged.ts";
import { unseenSection } from "../sections/unseen.ts";
import { waiverNoticesSection } from "../sections/waiver-notices.ts";
import { changesIn } from "../tally.ts";
import { FIRST_AUDIT, verdictOf } from "../verdict.ts";
import { cutSection } from "./cut-section.ts";

/** The width that mail is written in by custom, and read without wrapping when it is quoted. */
const WIDTH = 72;

/** What sections may take of the SNS message, in bytes as they stand there: text within JSON. */
const NEWS_BYTES = 24 * 1024;
const OTHER_BYTES = 6 * 1024;
const LONGEST_LOCATION = 500;

/**
 * The digest as a mail of plain text: the verdict, what is new and how to mend it, what was resolved, which rules
 * changed, what still fails, what was not seen. Each section is cut at its limit with the count of what was cut;
 * the mail ends with where the whole report is.
 */
export function mailDigest(report: Report, options: DeliveryOptions): string {
  const page = pageOf(WIDTH, false);
  const sections: readonly (readonly [Section | null, number])[] = [
    [newsSection(report, page), NEWS_BYTES],
    [resolvedSection(report, page), OTHER_BYTES],
    [driftSection(report, page), OTHER_BYTES],
    [remindersSection(report, page), OTHER_BYTES],
    [knownSection(report, page), OTHER_BYTES],
    [unseenSection(report, page), OTHER_BYTES],
    [unjudgedSection(report, page), OTHER_BYTES],
    [waiverNoticesSection(report, page), OTHER_BYTES],
  ];
  const parts = [
    opening(report, page),
    ...sections.flatMap(([section, bytes]) => (section === null ? [] : [cutSection(section, bytes, page)])),
    overview("THIS AUDIT", report, page),
    closing(options, page),
  ];
  return mailText(`${parts.join("\n\n\n")}\n`);
}

function opening(report: Report, page: Page): string {
  const changes = report.baseline ? FIRST_AUDIT : changesSentence(report);
  const lines = prose(verdictOf(report), 0, page);
  return [...lines, ...(changes === null ? [] : prose(changes, 0, page))].join("\n");
}

/** Of what this mail tells: others may be told of the rest of the audit. */
function changesSentence({ findings }: Report): string | null {
  const changes = changesIn(findings);
  const words = changes === null ? null : changeWords(changes);
  return words === null ? null : `${words}.`;
}

function closing({ reportLocation }: DeliveryOptions, page: Page): string {
  if (reportLocation === null) return "The whole report was not stored.";
  const location = inlineText(cutToCharacters(pageLocation(reportLocation), LONGEST_LOCATION));
  return prose(`The whole report: ${location}`, 0, page).join("\n");
}
