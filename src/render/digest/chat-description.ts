import type { Report } from "../../model/report.ts";
import { byAttention } from "../attention.ts";
import { type DeliveryOptions, pageLocation } from "../delivery.ts";
import { byteLength, cutToCharacters } from "../escape/cut.ts";
import { cutMarkdown, markdownText, ownMarkdown } from "../escape/markdown.ts";
import { fitting } from "../fitting.ts";
import { gapReasons, groupKinds, type Problem } from "../group.ts";
import { accountsOf, byAccount, placeOfFinding } from "../places.ts";
import { reasonWords } from "../reasons.ts";
import { tellsNewFromOld } from "../tally.ts";
import { unseenRegistries, verdictOf } from "../verdict.ts";
import { counted, grouped, listed } from "../words.ts";

const MOST_PLACES = 5;
const MOST_ACCOUNTS = 3;
const LONGEST_TEXT = 300;
const LONGEST_LINE_BYTES = 600;

/** Room for the line that counts what was cut. */
const CUT_NOTE_BYTES = 80;

/** One problem as lines of markdown, and how many findings they tell of. */
type Block = { readonly text: string; readonly count: number };

/**
 * What a chat channel reads, in at most `bytes` bytes: the verdict, what is new, what was resolved, what still
 * fails, each worst first, what was not seen, and where the whole report is.
 */
export function chatDescription(report: Report, { reportLocation }: DeliveryOptions, bytes: number): string {
  const marked = tellsNewFromOld(report.findings);
  const { news, resolved, reminded, known } = byAttention(report.findings);
  const failing = (problem: Problem) => problemBlock(problem.severity, problem, marked);
  const blocks = [
    ...groupKinds(news).map(failing),
    ...groupKinds(resolved).map((problem) => problemBlock("resolved", problem, false)),
    ...groupKinds(reminded).map(failing),
    ...headed("Still failing since earlier audits:", groupKinds(known).map(failing)),
  ];
  const verdict = ownMarkdown(verdictOf(report));
  const ending = [unseenLine(report), locationLine(reportLocation)].filter((line) => line !== null);
  const room = bytes - byteLength([verdict, ...ending].join("\n\n")) - CUT_NOTE_BYTES;
  const shown = fitting(blocks, room, ({ text }) => byteLength(`\n\n${text}`));
  return [verdict, ...shown.map(({ text }) => text), ...cutNote(blocks, shown), ...ending].join("\n\n");
}

function problemBlock(label: string, { title, check, findings }: Problem, marked: boolean): Block {
  const accounts = byAccount(findings.map((finding) => placeOfFinding(finding, marked)));
  const left = accounts.length - MOST_PLACES;
  const places = accounts
    .slice(0, MOST_PLACES)
    .map(({ account, where }) => `\u2022 ${markdownText(`${account} ${where.join("; ")}`)}`);
  const lines = [
    `*${label.toUpperCase()}* ${shortMarkdown(title)} (${shortMarkdown(check)}): ${counted(findings.length, "finding")}`,
    ...places,
    ...(left > 0 ? [`\u2022 and ${counted(left, "more account")}`] : []),
  ];
  return {
    text: lines.map((line) => cutMarkdown(line, LONGEST_LINE_BYTES)).join("\n"),
    count: findings.length,
  };
}

function headed(heading: string, [first, ...rest]: readonly Block[]): readonly Block[] {
  return first === undefined ? [] : [{ ...first, text: `${heading}\n\n${first.text}` }, ...rest];
}

function cutNote(blocks: readonly Block[], shown: readonly Block[]): string[] {
  const missing = countOf(blocks) - countOf(shown);
  return missing > 0 ? [`${counted(missing, "more finding")} did not fit here.`] : [];
}

function countOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { count }) => sum + count, 0);
}

function unseenLine({ coverage }: Report): string | null {
  if (coverage.gaps.length === 0) return null;
  const unseen = `${grouped(unseenRegistries(coverage))} of ${counted(coverage.planned, "registry", "registries")}`;
  const lines = gapReasons(coverage.gaps).map(({ reason, gaps }) => {
    const accounts = accountsOf(coverage.gaps.filter((gap) => gap.reason === reason));
    return `\u2022 ${reasonWords[reason].what} (${grouped(gaps)}): ${markdownText(listed(accounts, MOST_ACCOUNTS))}`;
  });
  return [`Not fully seen: ${unseen}`, ...lines].join("\n");
}

function locationLine(location: string | null): string | null {
  if (location === null) return null;
  return `The whole report: ${ownMarkdown(cutToCharacters(pageLocation(location), LONGEST_TEXT))}`;
}

function shortMarkdown(text: string): string {
  return markdownText(cutToCharacters(text, LONGEST_TEXT));
}
