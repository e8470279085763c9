import { type Changes, distinguishesNew } from "../../../render/counts.ts";
import { inlineText } from "../../../render/escape/inline.ts";
import { nameText } from "../../../render/locations.ts";
import { labelled, type Page } from "../../../render/page.ts";
import { notAskedText, repositoriesText } from "../../../render/verdict.ts";
import { counted, elapsed, grouped, minuteOf } from "../../../render/words.ts";
import type { Report, Summary } from "../../../schemas/report.ts";

const COLUMN = 12;

const triggers = {
  schedule: "started by the schedule",
  console: "started manually in AWS",
  event: "started by an event",
  cli: "started from the command line",
} as const satisfies Record<Report["trigger"], string>;

/** Summarizes an audit under `heading`: coverage, results, policy and time. */
export function overview(heading: string, report: Report, page: Page): string {
  const rows: readonly (readonly [string, string | null])[] = [
    ["Coverage", coverageText(report)],
    ["Excluded", excludedText(report)],
    ["Rules", grouped(report.summary.rules)],
    ["Cached", repositoriesText(report.coverage)],
    ["Results", resultsText(report.summary)],
    ["Not asked", notAskedText(report.summary)],
    ["Changes", distinguishesNew(report.findings) ? changeWords(report.summary.transitions) : null],
    ["Policy", `${nameText(report.policy.name)} (${inlineText(report.policy.digest).slice(0, 19)})`],
    [
      "Audit",
      `${minuteOf(report.startedAt)}, took ${elapsed(report.startedAt, report.finishedAt)}, ${triggers[report.trigger]}`,
    ],
    ["Audit id", nameText(report.auditId)],
  ];
  const lines = rows.flatMap(([label, text]) =>
    text === null ? [] : labelled(`  ${label}`, text, COLUMN, page),
  );
  return [page.paint.bold(heading), "", ...lines].join("\n");
}

function coverageText({ coverage }: Report): string {
  const { planned, audited, partial, unreachable } = coverage;
  const registries = [
    `${grouped(audited)} of ${counted(planned, "registry", "registries")}`,
    partial > 0 ? `${grouped(partial)} partly covered` : null,
    unreachable > 0 ? `${grouped(unreachable)} unreachable` : null,
  ].filter((part) => part !== null);
  return registries.join(", ");
}

function excludedText({ coverage }: Report): string | null {
  if (coverage.excluded === 0) return null;
  const inactive = coverage.excludedAccounts.filter(({ reason }) => reason === "not-active").length;
  const accounts = counted(coverage.excluded, "account");
  if (inactive === 0) return `${accounts}, by the policy`;
  const byPolicy = coverage.excluded - inactive;
  return byPolicy === 0
    ? `${accounts}, not active`
    : `${accounts}: ${grouped(byPolicy)} by the policy, ${grouped(inactive)} not active`;
}

function resultsText({ findings }: Summary): string {
  const parts = [
    `${grouped(findings.PASS)} pass`,
    `${grouped(findings.FAIL)} fail`,
    findings.UNKNOWN > 0 ? `${grouped(findings.UNKNOWN)} unknown` : null,
    findings.WAIVED > 0 ? `${grouped(findings.WAIVED)} waived` : null,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

/** Describes the changes: `2 new, 1 resolved since the previous audit`; `null` if there are none. */
export function changeWords({
  opened,
  changed,
  resolved,
  reminded,
}: Omit<Changes, "unchanged">): string | null {
  const parts = [
    opened > 0 ? `${grouped(opened)} new` : null,
    changed > 0 ? `${grouped(changed)} changed` : null,
    resolved > 0 ? `${grouped(resolved)} resolved` : null,
    reminded > 0 ? counted(reminded, "reminder") : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `${parts.join(", ")} since the previous audit`;
}
