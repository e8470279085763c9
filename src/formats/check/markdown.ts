import { briefLine, cutToCharacters } from "../../render/escape/cut.ts";
import { githubCode, githubText } from "../../render/escape/github.ts";
import { groupsOf } from "../../render/group.ts";
import { counted, grouped } from "../../render/words.ts";
import type { CheckReport, CodeFinding } from "../../schemas/check-report.ts";
import { type Block, block, headed, table } from "../markdown/blocks.ts";
import { markdownPage } from "../markdown/markdown.ts";
import { waiverWords } from "../text/sections/waiver-words.ts";
import { skippedChecksNote, sourceLocationText, verdictOnCode } from "./words.ts";

const LONGEST_TEXT = 600;

/**
 * Renders the report on code as a comment or a job summary on GitHub: the verdict, what fails and how to fix it, worst
 * first, and what is unknown before deployment. Names from files cannot add formatting or mention anyone.
 */
export function renderCheckMarkdown(report: CheckReport): string {
  const of = (status: CodeFinding["status"]) =>
    report.findings.filter((finding) => finding.status === status);
  return markdownPage(headOf(report), [
    ...problemBlocks("Failing", of("FAIL")),
    ...listBlock("Not known before deployment", of("UNKNOWN"), ({ message }) => message),
    ...listBlock("Waived", of("WAIVED"), ({ waiver }) => (waiver === null ? "" : waiverWords(waiver))),
    ...listBlock("Passing", of("PASS"), ({ title }) => title),
    ...listBlock("Not applicable", of("NOT_APPLICABLE"), ({ message }) => message),
  ]);
}

function headOf(report: CheckReport): string {
  const { summary, files, policy } = report;
  const { PASS = 0, FAIL = 0, UNKNOWN = 0, WAIVED = 0 } = summary.findings;
  const figures = [files.length, summary.rules, FAIL, UNKNOWN, WAIVED, PASS].map(grouped);
  const leftOut = skippedChecksNote(report);
  return [
    "## Pull through cache rules in code",
    "",
    `**${githubText(verdictOnCode(report))}**`,
    "",
    "| Files | Rules | Fail | Unknown | Waived | Pass |",
    "|---|---|---|---|---|---|",
    `| ${figures.join(" | ")} |`,
    "",
    `Policy: ${prose(policy.name)}. ${leftOut === null ? "" : githubText(leftOut)}`.trimEnd(),
  ].join("\n");
}

function problemBlocks(heading: string, findings: readonly CodeFinding[]): readonly Block[] {
  const problems = groupsOf(findings, ({ check, kind, severity }) => JSON.stringify([check, kind, severity]));
  return headed(
    `### ${heading}: ${counted(findings.length, "finding")}`,
    problems.map((group) => {
      const [{ severity, title, check, remediation }] = group;
      const lines = [
        `#### ${severity.toUpperCase()}: ${prose(title)} (${grouped(group.length)})`,
        "",
        `${githubCode(check)} **What to do${group.length === 1 ? "" : ", for example"}:** ${prose(remediation)}`,
        "",
        ...tableOf(group, ({ message }) => message),
      ];
      return block(lines, "finding", group.length);
    }),
  );
}

function listBlock(
  heading: string,
  findings: readonly CodeFinding[],
  detailsOf: (finding: CodeFinding) => string,
): readonly Block[] {
  if (findings.length === 0) return [];
  return headed(`### ${heading}: ${counted(findings.length, "finding")}`, [
    block(tableOf(findings, detailsOf), "finding", findings.length),
  ]);
}

function tableOf(
  findings: readonly CodeFinding[],
  detailsOf: (finding: CodeFinding) => string,
): readonly string[] {
  const rows = findings.map((finding) => [
    githubCode(briefLine(sourceLocationText(finding))),
    githubCode(briefLine(finding.address)),
    githubCode(finding.check),
    prose(detailsOf(finding)),
  ]);
  return table(["Location", "Rule", "Check", "Details"], rows);
}

function prose(text: string): string {
  return githubText(cutToCharacters(text, LONGEST_TEXT));
}
