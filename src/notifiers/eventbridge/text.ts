import { ownerText } from "../../render/causes.ts";
import { briefLine, fitting } from "../../render/escape/cut.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { flappingText } from "../../render/flapping.ts";
import { accountLabel, nameText } from "../../render/locations.ts";
import { stepsIn } from "../../render/steps.ts";
import { counted, dayOf } from "../../render/words.ts";
import type { Finding } from "../../schemas/finding.ts";

/** The most characters of an alert's message in Opsgenie, the shortest of the titles that tickets have. */
const SUMMARY_CHARACTERS = 130;

/** A description in ServiceNow has 4,000 characters; those of the other tools have more. */
const DESCRIPTION_CHARACTERS = 3_900;

/**
 * A finding as a title and a plain text for tools that can only copy fields of an event into a ticket or page. The text
 * says what failed and where, whose it is, since when, and what to do.
 */
export function textsOf(finding: Finding): { readonly summary: string; readonly description: string } {
  return { summary: summaryOf(finding), description: descriptionOf(finding) };
}

function summaryOf(finding: Finding): string {
  const { account, accountName, region, prefix, title } = finding;
  const where = [accountName ?? account, region, ...(prefix === null ? [] : [prefix])]
    .map(nameText)
    .join(" ");
  const flapping = flappingText([finding]);
  return short(
    `${short(where, SUMMARY_CHARACTERS / 2)}: ${inlineText(title)}${flapping}`,
    SUMMARY_CHARACTERS,
  );
}

function descriptionOf(finding: Finding): string {
  const { check, severity, region, prefix, owner, firstSeenAt, openDays, docsUrl, consoleUrl } = finding;
  const rule = prefix === null ? "whole registry" : `rule ${nameText(prefix)}`;
  const open = openDays === null || openDays === 0 ? "" : ` (${counted(openDays, "day")})`;
  const steps = stepsIn(finding).flatMap(({ text, commands }) => [text, ...commands]);
  const lines = [
    briefLine(finding.message),
    `Where: account ${accountLabel(finding)}, ${nameText(region)}, ${rule}`,
    `Check: ${nameText(check)}, severity ${severity}`,
    `Owner: ${owner === null ? "not known" : ownerText(owner)}`,
    `First seen: ${dayOf(firstSeenAt)}${open}`,
    ...(docsUrl === "" ? [] : [`About the check: ${inlineText(docsUrl)}`]),
    ...(consoleUrl === "" ? [] : [`Console: ${inlineText(consoleUrl)}`]),
    "What to do:",
    ...steps.map(inlineText),
  ];
  // Whole lines only: a command that was cut would do something else.
  return fitting(lines, DESCRIPTION_CHARACTERS, (line) => line.length + 1).join("\n");
}

function short(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
