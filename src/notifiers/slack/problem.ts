import { byteLength } from "../../core/bytes.ts";
import { fitting } from "../../render/escape/cut.ts";
import { cutSlack, slackCodeBlock } from "../../render/escape/slack.ts";
import { returnsText } from "../../render/flapping.ts";
import { counted, dayOf } from "../../render/words.ts";
import type { Severity } from "../../schemas/finding.ts";
import type { DigestProblem } from "../sns/machine-schema.ts";
import { type SlackBlock, section, shortSlack } from "./blocks.ts";

const LONGEST_TITLE_BYTES = 250;
const LONGEST_LINE_BYTES = 550;
const MOST_LOCATIONS = 5;
const SECTION_BYTES = 2_900;

/** A sign for each severity; the word beside it says the same. */
const signs = {
  critical: "\u{1f6a8}",
  high: "\u{1f534}",
  medium: "\u{1f7e0}",
  low: "\u{1f7e1}",
  informational: "\u{26aa}",
} as const satisfies Record<Severity, string>;

const RESOLVED_SIGN = "\u{1f7e2}";

/** Renders a problem in full: severity, locations and remediation. With `compared`, also its age. */
export function detailedProblem(problem: DigestProblem, compared: boolean): SlackBlock {
  const { title, message, messageIsExample, remediation, remediationIsExample, steps } = problem;
  // The digest of an older version has no steps.
  const todo = steps.length === 0 ? [{ text: remediation, commands: [] }] : steps;
  const fix = todo.flatMap(({ text, commands }, index) => [
    fittingLine(
      `${index === 0 ? `*What to do${remediationIsExample ? ", for example" : ""}:* ` : ""}${shortSlack(text)}`,
    ),
    ...commands.map(slackCodeBlock),
  ]);
  const lines = [
    ...[
      `${labelOf(problem)}  ${titleText(title)}`,
      [extentOf(problem), ...historyOf(problem, compared), shortSlack(problem.check)].join(" \u00b7 "),
      ...ownerLines(problem),
      `>${messageIsExample ? "For example: " : ""}${shortSlack(message)}`,
      ...locationLines(problem),
      ...causeLines(problem),
    ].map(fittingLine),
    ...fix,
  ];
  // A block of code that is cut would take in the lines after it.
  return section(fitting(lines, SECTION_BYTES, (line) => byteLength(line) + 1));
}

/** Renders a known or resolved problem in brief. */
export function briefProblem(problem: DigestProblem): SlackBlock {
  const facts = [
    titleText(problem.title),
    extentOf(problem),
    ...(problem.outcome === "failing" ? [`first seen ${dayOf(problem.firstSeenAt)}`] : []),
    shortSlack(problem.check),
  ];
  return section(
    [`${labelOf(problem)}  ${facts.join(" \u00b7 ")}`, ...ownerLines(problem), ...locationLines(problem)].map(
      fittingLine,
    ),
  );
}

function labelOf({ outcome, severity }: DigestProblem): string {
  if (outcome === "resolved") return `${RESOLVED_SIGN} *RESOLVED*`;
  return `${signs[severity]} *${severity.toUpperCase()}*`;
}

function titleText(title: string): string {
  return `*${cutSlack(shortSlack(title), LONGEST_TITLE_BYTES)}*`;
}

function ownerLines({ owners, changers }: DigestProblem): string[] {
  return [
    ...(owners === null ? [] : [`*Owner:* ${shortSlack(owners)}`]),
    ...(changers === null ? [] : [`*Changed by:* ${shortSlack(changers)}`]),
  ];
}

function causeLines({ sharedCauses, sameCauseAs }: DigestProblem): string[] {
  return [
    ...sharedCauses.map((cause) => `*Cause:* ${shortSlack(cause)}`),
    ...(sameCauseAs === null ? [] : [`*Same cause as above:* ${shortSlack(sameCauseAs)}`]),
  ];
}

function extentOf({ findings, causes, accounts, flapping }: DigestProblem): string {
  // Digests of older versions do not count causes.
  const from = causes === 0 || causes === findings ? "" : ` from ${counted(causes, "cause")}`;
  const count = `${counted(findings, "finding")}${from}`;
  const extent = accounts > 1 ? `${count} in ${counted(accounts, "account")}` : count;
  return `${extent}${returnsText(flapping)}`;
}

/** Returns since when a known problem exists. New findings are marked at their locations instead. */
function historyOf({ news, firstSeenAt }: DigestProblem, compared: boolean): string[] {
  return compared && news === 0 ? [`first seen ${dayOf(firstSeenAt)}`] : [];
}

function locationLines({ places, accounts }: DigestProblem): string[] {
  const shown = places.slice(0, MOST_LOCATIONS);
  const left = accounts - shown.length;
  return [
    ...shown.map(({ account, where }) => `\u2022 ${shortSlack(`${account} ${where.join("; ")}`)}`),
    ...(left > 0 ? [`\u2022 and ${counted(left, "more account")}`] : []),
  ];
}

function fittingLine(line: string): string {
  return cutSlack(line, LONGEST_LINE_BYTES);
}
