import { reasonAdvice } from "../../facts/reason-advice.ts";
import { githubCode, githubText } from "../../render/escape/github.ts";
import { accountLabel, nameText } from "../../render/locations.ts";
import { counted, grouped, minuteOf } from "../../render/words.ts";
import type { DiffSide, ReportDiff, SeenChange } from "../../schemas/report-diff.ts";
import { type Block, block, headed, problemBlocks, table } from "../markdown/blocks.ts";
import { markdownPage } from "../markdown/markdown.ts";
import { coverageCell, diffParts, isAlike, narrowedRows } from "./text.ts";

/** Renders a comparison of two audits as a comment or a job summary on GitHub, cut like `renderMarkdown`. */
export function diffMarkdown(diff: ReportDiff): string {
  const head = ["## Comparison of two pull through cache audits", "", ...figures(diff)].join("\n");
  return markdownPage(head, [
    ...diffParts(diff).flatMap(({ heading, findings }) => problemBlocks(heading, findings, false)),
    ...registriesBlock("No longer covered", diff.coverage.lost),
    ...registriesBlock("Newly covered", diff.coverage.gained),
  ]);
}

function figures(diff: ReportDiff): readonly string[] {
  const { before, after, unchanged } = diff;
  const row = (name: string, of: (side: DiffSide) => string) => `| ${name} | ${of(before)} | ${of(after)} |`;
  return [
    row("", ({ auditId }) => githubCode(auditId.slice(0, 100))),
    "|---|---|---|",
    row("Status", ({ status }) => status),
    row("Started", ({ startedAt }) => minuteOf(startedAt)),
    row("Policy", ({ policy }) => githubText(policy.name.slice(0, 100))),
    ...narrowedRows(diff).map((cells) => `| ${cells.map(githubText).join(" | ")} |`),
    row("Coverage", coverageCell),
    row("Fail", ({ summary }) => grouped(summary.findings.FAIL)),
    row("Unknown", ({ summary }) => grouped(summary.findings.UNKNOWN)),
    row("Waived", ({ summary }) => grouped(summary.findings.WAIVED)),
    "",
    isAlike(diff)
      ? "The two audits do not differ."
      : `${counted(unchanged, "finding")} unchanged, failing in both.`,
  ];
}

function registriesBlock(heading: string, registries: readonly SeenChange[]): readonly Block[] {
  const rows = registries.map((registry) => [
    githubText(accountLabel(registry)),
    githubCode(nameText(registry.region)),
    [...new Set(registry.gaps.map(({ reason }) => reasonAdvice[reason].title))].join(", "),
  ]);
  if (rows.length === 0) return [];
  const lines = table(["Account", "Region", "Why"], rows);
  return headed(`### ${heading}: ${counted(rows.length, "registry", "registries")}`, [
    block(lines, "location", rows.length),
  ]);
}
