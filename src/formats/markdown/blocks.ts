import { ALL_REGIONS } from "../../ecr/registry.ts";
import { reasonAdvice } from "../../facts/reason-advice.ts";
import { differInOwner, findingsAndCauses, ownersText, sharedCauseTexts } from "../../render/causes.ts";
import { changedByText, changersText } from "../../render/changed-by.ts";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { githubCell, githubCode, githubCodeBlock, githubText } from "../../render/escape/github.ts";
import { flappingText } from "../../render/flapping.ts";
import { type GapGroup, groupFindings, groupGaps, type Problem } from "../../render/group.ts";
import { counted, dayOf, grouped } from "../../render/words.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { CoverageGap, Drift, Report } from "../../schemas/report.ts";
import { differencesOf } from "../text/sections/drift.ts";
import { waiverWords } from "../text/sections/waiver-words.ts";

/** A part of the page that is either shown in full or omitted. */
export type Block = {
  readonly text: string;
  /** The noun for what `count` and `folded` count, in the singular. */
  readonly unit: string;
  /** The number of items in the block. */
  readonly count: number;
  /** The number of items that the block counts but does not show. */
  readonly folded: number;
};

const LONGEST_TEXT = 600;
const LONGEST_NAME = 80;
const MOST_ROWS = 25;

/**
 * Renders a block for each problem in some findings; the first one starts with a heading.
 *
 * @param marked whether to show the transition of each finding since the previous audit
 */
export function problemBlocks(
  heading: string,
  findings: readonly Finding[],
  marked: boolean,
): readonly Block[] {
  return headed(
    `### ${heading}: ${findingsAndCauses(findings)}`,
    groupFindings(findings).map((problem) => problemBlock(problem, marked)),
  );
}

function problemBlock(problem: Problem, marked: boolean): Block {
  const { severity, title, check, steps, docsUrl, exactRemediation, wordings, findings, sameCauseAs } =
    problem;
  const owners = ownersText(findings);
  const changers = changersText(findings);
  const causes = [
    ...sharedCauseTexts(findings).map((cause) => `**Cause:** ${prose(cause)}`),
    ...(sameCauseAs === null ? [] : [`**Same cause as above:** ${prose(sameCauseAs)}`]),
  ];
  const [first] = wordings;
  const example = wordings.length > 1 || first?.exact === false ? "For example: " : "";
  const fix = exactRemediation ? "What to do" : "What to do, for example";
  const owned = differInOwner(findings);
  const rows = findings.map((finding) => [
    ...findingRow(finding, marked),
    ...(owned ? [prose(finding.owner?.name ?? "")] : []),
  ]);
  const lines = [
    `#### ${severity.toUpperCase()}: ${prose(title)} (${grouped(findings.length)})${flappingText(findings)}`,
    "",
    ...(owners === null ? [] : [`**Owner:** ${prose(owners)}`, ""]),
    ...(changers === null ? [] : [`**Changed by:** ${prose(changers)}`, ""]),
    `${name(check)} ${example}${prose(first?.message ?? "")}`,
    "",
    ...causes.flatMap((cause) => [cause, ""]),
    ...steps.flatMap(({ text, commands }, index) => [
      ...(index === 0 ? [] : [""]),
      `${index === 0 ? `**${fix}:** ` : ""}${prose(text)}`,
      ...(commands.length === 0 ? [] : ["", githubCodeBlock(commands)]),
    ]),
    ...(docsUrl === "" ? [] : ["", `Read more: ${githubCode(docsUrl)}`]),
    "",
    ...table(
      ["Account", "Region", "Rule", "Since", ...(marked ? ["Change"] : []), ...(owned ? ["Owner"] : [])],
      rows,
    ),
  ];
  return block(lines, "finding", findings.length);
}

function findingRow(finding: Finding, marked: boolean): readonly string[] {
  const { account, accountName, region, prefix, firstSeenAt, transition, stale } = finding;
  return [
    accountCell(account, accountName),
    name(region),
    prefix === null ? "whole registry" : name(prefix),
    `${dayOf(firstSeenAt)}${stale ? " (stale)" : ""}`,
    ...(marked ? [transition ?? ""] : []),
  ];
}

/**
 * Renders a block for each reason and operation of some coverage gaps; the first one starts with a heading.
 *
 * @param unknown how many findings are unknown because of these gaps
 */
export function gapBlocks(gaps: readonly CoverageGap[], unknown: number): readonly Block[] {
  const because =
    unknown === 0
      ? ""
      : `, which ${gaps.length === 1 ? "leaves" : "leave"} ${counted(unknown, "finding")} unknown`;
  return headed(`### Not covered: ${counted(gaps.length, "gap")}${because}`, groupGaps(gaps).map(gapBlock));
}

function gapBlock({ reason, operation, gaps, details }: GapGroup): Block {
  const { title, advice } = reasonAdvice[reason];
  const rows = gaps.map(({ account, accountName, region, prefixes }) => [
    accountCell(account, accountName),
    region === ALL_REGIONS ? "all regions" : name(region),
    prefixes.length === 0 ? "whole registry" : prefixes.slice(0, 5).map(name).join(" "),
  ]);
  const [first] = details;
  const lines = [
    `#### ${title}: ${name(operation)} (${grouped(gaps.length)})`,
    "",
    `Error: ${prose(first?.detail ?? "nothing")}`,
    "",
    `**What to do:** ${advice}`,
    "",
    ...table(["Account", "Region", "Rules"], rows),
  ];
  return block(lines, "gap", gaps.length);
}

/** Renders the changed rules. */
export function driftBlock(drift: readonly Drift[]): readonly Block[] {
  if (drift.length === 0) return [];
  const rows = drift.map((one) => [
    one.change,
    name(one.account),
    name(one.region),
    name(one.prefix),
    prose(changedByText(one.changedBy)),
    differencesOf(one).map(prose).join("; "),
  ]);
  const lines = table(["Change", "Account", "Region", "Rule", "By", "Fields"], rows);
  return headed(`### Changed rules: ${grouped(drift.length)}`, [block(lines, "changed rule", drift.length)]);
}

/** Renders the waivers that need a review. */
export function waiverBlock({ waivers }: Report): readonly Block[] {
  const { expired, expiring, unused } = waivers;
  const rows = [
    ...expired.map((waiver) => ["expired", name(waiver.check), prose(waiverWords(waiver))]),
    ...expiring.map((waiver) => ["expiring", name(waiver.check), prose(waiverWords(waiver))]),
    ...unused.map((waiver) => ["unused", name(waiver.check), prose(waiverWords(waiver))]),
  ];
  if (rows.length === 0) return [];
  const lines = table(["State", "Check", "Waiver"], rows);
  return headed(`### Waivers to review: ${grouped(rows.length)}`, [block(lines, "waiver", rows.length)]);
}

/** Renders a table of escaped cells. After 25 rows, it ends with the number of rows that are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const shown = rows.slice(0, MOST_ROWS).map((cells) => `| ${cells.map(githubCell).join(" | ")} |`);
  const left = rows.length - shown.length;
  const more = left > 0 ? ["", `and ${grouped(left)} more`] : [];
  return [`| ${head.join(" | ")} |`, `|${"---|".repeat(head.length)}`, ...shown, ...more];
}

/** Makes a block of `count` items from lines. */
export function block(lines: readonly string[], unit: string, count: number): Block {
  return { text: lines.join("\n"), unit, count, folded: Math.max(0, count - MOST_ROWS) };
}

/** Adds a heading to the first block. */
export function headed(heading: string, blocks: readonly Block[]): readonly Block[] {
  return blocks.map((one, index) => (index === 0 ? { ...one, text: `${heading}\n\n${one.text}` } : one));
}

function accountCell(account: string, accountName: string | null): string {
  return accountName === null
    ? name(account)
    : `${name(account)} ${prose(cutToCharacters(accountName, LONGEST_NAME))}`;
}

function name(text: string): string {
  return githubCode(cutToCharacters(text, LONGEST_NAME));
}

function prose(text: string): string {
  return githubText(cutToCharacters(text, LONGEST_TEXT));
}
