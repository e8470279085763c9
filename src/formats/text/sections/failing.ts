import { byAttention } from "../../../render/attention.ts";
import { differInOwner, fromCauses, ownersText, sharedCauseTexts } from "../../../render/causes.ts";
import { changersText } from "../../../render/changed-by.ts";
import { distinguishesNew, severityCounts } from "../../../render/counts.ts";
import { cutToCharacters } from "../../../render/escape/cut.ts";
import { inlineText } from "../../../render/escape/inline.ts";
import { extentOf, historyOf } from "../../../render/extent.ts";
import { groupFindings, groupKinds, type Problem, type Wording } from "../../../render/group.ts";
import { locationsOf, nameText } from "../../../render/locations.ts";
import { type Page, type Paragraph, prose, type Section, severityTitle } from "../../../render/page.ts";
import { counted } from "../../../render/words.ts";
import { isFailing } from "../../../schemas/count-findings.ts";
import type { Finding } from "../../../schemas/finding.ts";
import type { Report } from "../../../schemas/report.ts";
import { locationLines } from "./location-lines.ts";

const LONGEST_TEXT = 800;
const MOST_WORDINGS = 5;

/** Lists what fails and how to fix it, one paragraph for each problem, worst first; `null` if nothing fails. */
export function failingSection({ findings }: Pick<Report, "findings">, page: Page): Section | null {
  return problemsSection("FAILING", findings.filter(isFailing), distinguishesNew(findings), page);
}

/**
 * Lists new and changed failures and how to fix them. On a first audit, or without a store: all failures. `null` for
 * none.
 */
export function newsSection({ findings }: Pick<Report, "findings">, page: Page): Section | null {
  const marked = distinguishesNew(findings);
  const heading = marked ? "NEW OR CHANGED" : "FAILING";
  return problemsSection(heading, byAttention(findings).news, marked, page);
}

/** Lists failures that are due a reminder, and how to fix them; `null` for none. */
export function remindersSection({ findings }: Pick<Report, "findings">, page: Page): Section | null {
  const { reminded } = byAttention(findings);
  const longest = Math.max(0, ...reminded.map(({ openDays }) => openDays ?? 0));
  const age = longest === 0 ? "" : `, OPEN FOR UP TO ${counted(longest, "DAY", "DAYS")}`;
  return problemsSection(`REMINDER, STILL FAILING${age}`, reminded, true, page);
}

/** Lists, in brief, failures that earlier audits already reported; `null` for none. */
export function knownSection({ findings }: Pick<Report, "findings">, page: Page): Section | null {
  const { known } = byAttention(findings);
  if (known.length === 0) return null;
  return {
    heading: `STILL FAILING SINCE EARLIER AUDITS: ${severityCounts(known)}${fromCauses(known)}`,
    paragraphs: groupKinds(known).map((problem) => ({
      lines: [
        ...problemTitle(problem, true, page),
        ...locationLines(
          locationsOf(problem.findings, { marked: true }),
          { one: "finding", many: "findings" },
          page,
        ),
      ],
      count: problem.findings.length,
    })),
    unit: "finding",
  };
}

function problemsSection(
  heading: string,
  failing: readonly Finding[],
  marked: boolean,
  page: Page,
): Section | null {
  if (failing.length === 0) return null;
  return {
    heading: `${heading}: ${severityCounts(failing)}${fromCauses(failing)}`,
    paragraphs: groupFindings(failing).map((problem) => problemParagraph(problem, marked, page)),
    unit: "finding",
  };
}

function problemTitle({ severity, title, check, findings }: Problem, marked: boolean, page: Page): string[] {
  const facts = [nameText(check), extentOf(findings), ...historyOf(findings, marked)];
  const owners = ownersText(findings);
  const changers = changersText(findings);
  return [
    ...severityTitle(severity, longText(title), page),
    ...prose(facts.join(", "), 2, page),
    ...(owners === null ? [] : prose(`Owner: ${owners}`, 2, page)),
    ...(changers === null ? [] : prose(`Changed by: ${changers}`, 2, page)),
  ];
}

function problemParagraph(problem: Problem, marked: boolean, page: Page): Paragraph {
  const { findings, steps, exactRemediation, docs, docsUrl } = problem;
  const fix = exactRemediation ? "What to do" : "What to do, for example";
  return {
    lines: [
      ...problemTitle(problem, marked, page),
      ...wordingLines(problem, marked, page),
      ...causeLines(problem, page),
      "",
      ...steps.flatMap(({ text, commands }, index) => [
        ...prose(`${index === 0 ? `${fix}: ` : ""}${longText(text)}`, 2, page),
        ...commands.map(commandLine),
      ]),
      ...prose(`Read more: ${longText(docsUrl || docs)}`, 2, page),
    ],
    count: findings.length,
  };
}

/** Names the causes that several of the findings share, and the problem above that has the same one. */
function causeLines({ findings, sameCauseAs }: Problem, page: Page): string[] {
  const shared = sharedCauseTexts(findings).map((text) => `Cause: ${text}`);
  const above = sameCauseAs === null ? [] : [`Same cause as above: ${longText(sameCauseAs)}`];
  const lines = [...shared, ...above].flatMap((text) => prose(text, 2, page));
  return lines.length === 0 ? [] : ["", ...lines];
}

/** A command has a line of its own, which is never wrapped or cut, so that it can be copied. */
function commandLine(command: string): string {
  return `    ${inlineText(command)}`;
}

function wordingLines({ wordings, findings: all }: Problem, marked: boolean, page: Page): string[] {
  const owned = differInOwner(all);
  const lines = wordings
    .slice(0, MOST_WORDINGS)
    .flatMap((wording) => [
      "",
      ...prose(sentenceOf(wording), 2, page),
      ...locationLines(
        locationsOf(wording.findings, { marked, owned }),
        { one: "finding", many: "findings" },
        page,
      ),
    ]);
  const left = wordings.slice(MOST_WORDINGS).flatMap(({ findings }) => findings);
  if (left.length === 0) return lines;
  return [...lines, "", `  and ${extentOf(left)} with other messages`];
}

function sentenceOf({ message, exact }: Wording): string {
  return exact ? longText(message) : `For example: ${longText(message)}`;
}

function longText(text: string): string {
  return inlineText(cutToCharacters(text, LONGEST_TEXT));
}
