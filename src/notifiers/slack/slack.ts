import { cutToCharacters, fitting } from "../../render/escape/cut.ts";
import { ownMarkdown } from "../../render/escape/markdown.ts";
import { FIRST_AUDIT, notAskedText, unseenRegistries } from "../../render/verdict.ts";
import { counted, grouped, minuteOf, pageLocation } from "../../render/words.ts";
import type { DigestProblem, MachineDigest } from "../sns/machine-schema.ts";
import { asides } from "./aside.ts";
import {
  context,
  divider,
  fields,
  header,
  type SlackBlock,
  section,
  shortSlack,
  textBytes,
} from "./blocks.ts";
import { briefProblem, detailedProblem } from "./problem.ts";

/** A message for an incoming webhook of Slack. */
export type SlackMessage = {
  /** Shown in notifications and by clients without support for blocks. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
};

/**
 * The limit for all texts of all blocks. Slack documents no such limit, but rejects messages above about 11,000
 * characters with `msg_blocks_too_long` (github.com/slackapi/bolt-js, issues 2509 and 2867, read November
 * 2026).
 */
const ALL_TEXT_BYTES = 9_000;

/** A message has at most 50 blocks ("Block Kit blocks", November 2026); the blocks that are not problems are fewer than 20. */
const MOST_PROBLEMS = 30;
const NOTES_BYTES = 120;
const LONGEST_LOCATION = 500;

/**
 * Renders a digest as a Slack message: the verdict, then new, resolved and still failing problems, each worst first, then
 * coverage gaps, changed rules and the location of the full report. What did not fit is counted.
 */
export function renderSlack(digest: MachineDigest): SlackMessage {
  const headline = shortSlack(digest.headline);
  const opening = [header(headline), section(verdictLines(digest)), fields(figures(digest))];
  const ending = [...asides(digest), context(smallPrint(digest))];
  const problems = digest.problems.map((problem) => ({ problem, block: problemBlock(problem, digest) }));
  const room = ALL_TEXT_BYTES - bytesOf(opening) - bytesOf(ending) - NOTES_BYTES;
  const shown = fitting(problems.slice(0, MOST_PROBLEMS), room, ({ block }) => textBytes(block));
  const missing = problems.length - shown.length + digest.problemsOmitted;
  return {
    text: headline,
    blocks: [...opening, ...between(divider, [...headed(shown, digest), ...cutNote(missing)]), ...ending],
    unfurl_links: false,
    unfurl_media: false,
  };
}

type Delivered = { readonly problem: DigestProblem; readonly block: SlackBlock };

/** Renders new problems in full, known and resolved ones in brief. */
function problemBlock(problem: DigestProblem, digest: MachineDigest): SlackBlock {
  return problem.outcome === "resolved" || isKnown(problem, digest)
    ? briefProblem(problem)
    : detailedProblem(problem, digest.changes !== null);
}

/** Without a previous audit to compare with, no problem is known. */
function isKnown({ outcome, news, reminders }: DigestProblem, { changes }: MachineDigest): boolean {
  return outcome === "failing" && changes !== null && news + reminders === 0;
}

/** Renders the problems, with a heading before the known ones. */
function headed(delivered: readonly Delivered[], digest: MachineDigest): SlackBlock[] {
  const blocks = delivered.map(({ block }) => block);
  const firstKnown = delivered.findIndex(({ problem }) => isKnown(problem, digest));
  return firstKnown === -1
    ? blocks
    : blocks.toSpliced(firstKnown, 0, context("Still failing since earlier audits:"));
}

function between(border: SlackBlock, blocks: readonly SlackBlock[]): readonly SlackBlock[] {
  return blocks.length === 0 ? [border] : [border, ...blocks, border];
}

function verdictLines({ verdict, baseline }: MachineDigest): string[] {
  return [`*${shortSlack(verdict)}*`, ...(baseline ? [FIRST_AUDIT] : [])];
}

function figures({ changes, coverage, summary }: MachineDigest): string[] {
  const covered = coverage.planned - unseenRegistries(coverage);
  const extent = [
    figure("Registries fully covered", `${grouped(covered)} of ${grouped(coverage.planned)}`),
    figure("Rules", grouped(summary.rules)),
    ...repositoriesFigure(coverage),
  ];
  if (changes === null) return extent;
  return [
    figure("New or changed", grouped(changes.opened + changes.changed)),
    figure("Resolved", grouped(changes.resolved)),
    figure("Still failing", grouped(changes.unchanged + changes.reminded)),
    ...(changes.reminded > 0 ? [figure("Reminders", grouped(changes.reminded))] : []),
    ...extent,
  ];
}

function repositoriesFigure({ repositories }: MachineDigest["coverage"]): string[] {
  if (repositories === undefined) return [];
  const { lookedAt, existing } = repositories;
  return [figure("Cached repositories looked at", `${grouped(lookedAt)} of ${grouped(existing)}`)];
}

function figure(name: string, value: string): string {
  return `*${name}*\n${value}`;
}

function cutNote(missing: number): SlackBlock[] {
  return missing > 0 ? [section([`_${counted(missing, "more problem")} did not fit here._`])] : [];
}

function smallPrint({ policy, startedAt, auditId, report, summary }: MachineDigest): string {
  const { location, url, command } = report;
  const fullReport =
    location === null
      ? "The full report was not stored."
      : [`Full report: \`${reportAddress(url ?? pageLocation(location))}\``, ...commandLine(command)].join(
          "\n",
        );
  const notAsked = notAskedText(summary);
  return [
    `${shortSlack(policy.name)} \u00b7 ${minuteOf(startedAt)} \u00b7 audit ${shortSlack(auditId)}`,
    ...(notAsked === null ? [] : [`Not asked for by the policy: ${shortSlack(notAsked)}`]),
    fullReport,
  ].join("\n");
}

function commandLine(command: string | null): string[] {
  return command === null ? [] : [`\`${reportAddress(command)}\``];
}

/** Escapes a location for inline code, where Slack interprets no other characters. */
function reportAddress(location: string): string {
  return ownMarkdown(cutToCharacters(location, LONGEST_LOCATION)).replaceAll("`", "'");
}

function bytesOf(blocks: readonly SlackBlock[]): number {
  return blocks.reduce((sum, block) => sum + textBytes(block), 0);
}
