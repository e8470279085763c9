import { reasonAdvice } from "../../facts/reason-advice.ts";
import { githubCode, githubText } from "../../render/escape/github.ts";
import { accountLabel, nameText } from "../../render/places.ts";
import { counted, grouped, minuteOf } from "../../render/words.ts";
import type { DiffSide, ReportDiff, SeenChange } from "../../schemas/report-diff.ts";
import { type Block, block, headed, problemBlocks, table } from "../markdown/blocks.ts";
import { markdownPage } from "../markdown/markdown.ts";
import { diffParts, isAlike } from "./text.ts";

/** Two audits compared, as a comment or a job summary on GitHub; cut as `renderMarkdown` cuts a report. */
export function diffMarkdown(diff: ReportDiff): string {
  const head = ["## Two pull through cache audits compared", "", ...figures(diff)].join("\n");
  return markdownPage(head, [
    ...diffParts(diff).flatMap(({ heading, findings }) => problemBlocks(heading, findings, false)),
    ...registriesBlock("Seen no more", diff.coverage.lost),
    ...registriesBlock("Seen only now", diff.coverage.gained),
  ]);
}

function figures(diff: ReportDiff): readonly string[] {
  const { before, after, unchanged } = diff;
  const row = (name: string, of: (side: DiffSide) => string) => `| ${name} | ${of(before)} | ${of(after)} |`;
  return [
    row("", ({ auditId }) => githubCode(auditId.slice(0, 100))),
    "|---|---|---|",
    row("Status", ({ status }) => status),
    row("Begun", ({ startedAt }) => minuteOf(startedAt)),
    row("Policy", ({ policy }) => githubText(policy.name.slice(0, 100))),
    row("Registries seen", ({ coverage }) => `${grouped(coverage.audited)} of ${grouped(coverage.planned)}`),
    row("Fail", ({ summary }) => grouped(summary.findings.FAIL)),
    row("Not judged", ({ summary }) => grouped(summary.findings.UNKNOWN)),
    row("Waived", ({ summary }) => grouped(summary.findings.WAIVED)),
    "",
    isAlike(diff)
      ? "The two audits came to the same."
      : `${counted(unchanged, "finding")} failing in both, in the same way.`,
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
    block(lines, "place", rows.length),
  ]);
}
