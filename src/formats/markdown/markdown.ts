import { distinguishesNew } from "../../render/counts.ts";
import { githubText } from "../../render/escape/github.ts";
import { notAskedText, repositoriesText, unexplainedBy, verdictOf } from "../../render/verdict.ts";
import { counted, elapsed, grouped, minuteOf } from "../../render/words.ts";
import { isFailing, isResolved } from "../../schemas/count-findings.ts";
import type { Report } from "../../schemas/report.ts";
import type { Block } from "./blocks.ts";
import { driftBlock, gapBlocks, problemBlocks, waiverBlock } from "./blocks.ts";

/** The limit for a comment on GitHub (from GitHub's error message, read November 2026). A job summary may be larger. */
const MOST_CHARACTERS = 65_536;

/** Reserved for the line that counts what was omitted. */
const RESERVE = 500;

/** Renders a head and as many blocks as fit into a comment; what is omitted is counted. */
export function markdownPage(head: string, blocks: readonly Block[]): string {
  const { shown, left } = cut(blocks, MOST_CHARACTERS - RESERVE - head.length);
  return `${[head, ...shown.map(({ text }) => text), ...omittedNote(left)].join("\n\n")}\n`;
}

function cut(blocks: readonly Block[], characters: number) {
  let room = characters;
  const shown: Block[] = [];
  const left = new Map<string, number>();
  for (const block of blocks) {
    room -= block.text.length + "\n\n".length;
    if (room >= 0) shown.push(block);
    const missing = room >= 0 ? block.folded : block.count;
    if (missing > 0) left.set(block.unit, (left.get(block.unit) ?? 0) + missing);
  }
  return { shown, left };
}

function omittedNote(left: ReadonlyMap<string, number>): readonly string[] {
  if (left.size === 0) return [];
  const counts = [...left].map(([unit, count]) => counted(count, unit));
  return [`_Omitted: ${counts.join(", ")}. See the JSON report for everything._`];
}

/**
 * Renders the report as a comment or a job summary on GitHub: the verdict and the figures, then failures (worst first),
 * coverage gaps, changed rules and waivers to review. It is cut to the size of a comment and says what was omitted.
 * Collected text cannot add formatting or mention anyone.
 */
export function renderMarkdown(report: Report): string {
  const { findings, coverage, drift } = report;
  const head = headOf(report);
  const unknown = findings.filter(({ status }) => status === "UNKNOWN");
  const unexplained = unexplainedBy(coverage.gaps, unknown);
  const compared = distinguishesNew(findings);
  const blocks = [
    ...problemBlocks("Failing", findings.filter(isFailing), compared),
    ...gapBlocks(coverage.gaps, unknown.length - unexplained.length),
    ...problemBlocks("Unknown", unexplained, false),
    ...problemBlocks("Resolved", findings.filter(isResolved), false),
    ...driftBlock(drift),
    ...waiverBlock(report),
  ];
  return markdownPage(head, blocks);
}

function headOf(report: Report): string {
  const { coverage, summary, policy, startedAt, finishedAt, auditId } = report;
  const { PASS, FAIL, UNKNOWN, WAIVED } = summary.findings;
  const notAsked = notAskedText(summary);
  const repositories = repositoriesText(coverage);
  const covered = `${grouped(coverage.audited)} of ${grouped(coverage.planned)}`;
  const figures = [covered, summary.rules, FAIL, UNKNOWN, WAIVED, PASS].map((figure) =>
    typeof figure === "number" ? grouped(figure) : figure,
  );
  return [
    "## Pull through cache audit",
    "",
    `**${githubText(verdictOf(report))}**`,
    "",
    "| Registries covered | Rules | Fail | Unknown | Waived | Pass |",
    "|---|---|---|---|---|---|",
    `| ${figures.join(" | ")} |`,
    "",
    ...(repositories === null ? [] : [`${repositories}.`, ""]),
    ...(notAsked === null ? [] : [`Not asked for by the policy: ${githubText(notAsked)}`, ""]),
    `Audit ${githubText(auditId.slice(0, 100))}, ${minuteOf(startedAt)}, took ${elapsed(startedAt, finishedAt)}. Policy: ${githubText(policy.name.slice(0, 100))}.`,
  ].join("\n");
}
