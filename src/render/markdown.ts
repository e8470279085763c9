import type { Report } from "../model/report.ts";
import { githubText } from "./escape/github.ts";
import { driftBlock, gapBlocks, problemBlocks, waiverBlock } from "./markdown/blocks.ts";
import { markdownPage } from "./markdown/page.ts";
import { isFailing, isResolved, tellsNewFromOld } from "./tally.ts";
import { unexplainedBy } from "./unexplained.ts";
import { verdictOf } from "./verdict.ts";
import { elapsed, grouped, minuteOf } from "./words.ts";

/**
 * The report as a comment or a job summary on GitHub: the verdict and the figures, then what fails, worst first, what
 * could not be seen, what changed and which waivers need a look. It is cut at what a comment may hold, and says what
 * was left out. Collected text formats nothing and mentions nobody.
 */
export function renderMarkdown(report: Report): string {
  const { findings, coverage, drift } = report;
  const head = headOf(report);
  const unknown = findings.filter(({ status }) => status === "UNKNOWN");
  const unexplained = unexplainedBy(coverage.gaps, unknown);
  const compared = tellsNewFromOld(findings);
  const blocks = [
    ...problemBlocks("Failing", findings.filter(isFailing), compared),
    ...gapBlocks(coverage.gaps, unknown.length - unexplained.length),
    ...problemBlocks("Could not be judged", unexplained, false),
    ...problemBlocks("Resolved", findings.filter(isResolved), false),
    ...driftBlock(drift),
    ...waiverBlock(report),
  ];
  return markdownPage(head, blocks);
}

function headOf(report: Report): string {
  const { coverage, summary, policy, startedAt, finishedAt, auditId } = report;
  const { PASS, FAIL, UNKNOWN, WAIVED } = summary.findings;
  const seen = `${grouped(coverage.audited)} of ${grouped(coverage.planned)}`;
  const figures = [seen, summary.rules, FAIL, UNKNOWN, WAIVED, PASS].map((figure) =>
    typeof figure === "number" ? grouped(figure) : figure,
  );
  return [
    "## Pull through cache audit",
    "",
    `**${githubText(verdictOf(report))}**`,
    "",
    "| Registries seen | Rules | Fail | Could not be judged | Waived | Pass |",
    "|---|---|---|---|---|---|",
    `| ${figures.join(" | ")} |`,
    "",
    `Audit ${githubText(auditId.slice(0, 100))} of ${minuteOf(startedAt)}, which took ${elapsed(startedAt, finishedAt)}, by the policy ${githubText(policy.name.slice(0, 100))}.`,
  ].join("\n");
}
