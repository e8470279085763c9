import { Command, Option } from "@commander-js/extra-typings";
import { type History, openHistory } from "../../app/history.ts";
import { readSettings } from "../../app/settings.ts";
import { diffReports } from "../../audit/report/diff-reports.ts";
import { diffMarkdown } from "../../formats/diff/markdown.ts";
import { diffText } from "../../formats/diff/text.ts";
import type { TextOptions } from "../../formats/text/text.ts";
import { safeJson } from "../../render/escape/json.ts";
import { type Finding, severities, severityRank } from "../../schemas/finding.ts";
import type { ReportDiff } from "../../schemas/report-diff.ts";
import { reachingAws } from "../aws-options.ts";
import { type ExitCode, exitCode, type FailOn } from "../exit-code.ts";
import { awsVariables, colorVariables, helpNotes } from "../help-notes.ts";
import { settingsOfReader } from "../settings-from.ts";
import { storeOption } from "../shared-options.ts";
import { isColored, type Terminal, UsageError, widthOf } from "../terminal.ts";

const renderers = {
  text: diffText,
  json: (diff) => `${safeJson(diff, 2)}\n`,
  markdown: diffMarkdown,
} as const satisfies Record<string, (diff: ReportDiff, look: TextOptions) => string>;

/** Defines `diff A B`: compares two stored audits. */
export function diffCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const { output } = terminal;
  const command = new Command("diff")
    .description("compare two audits: findings that opened, changed or were resolved, and lost coverage")
    .argument(
      "[before]",
      "an audit's id, latest, previous, or the location of its report.json (a path or s3://…)",
      "previous",
    )
    .argument("[after]", "the audit to compare with it", "latest")
    .addOption(storeOption())
    .addOption(
      new Option("-f, --format <name>", "output format")
        .choices(["text", "json", "markdown"] as const)
        .default("text" as const),
    )
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 if a finding of at least this severity opened")
        .choices([...severities, "never"] as const)
        .default("low" as const),
    )
    .option("--no-color", "no colours")
    .action(async (before, after, { store, format, failOn, color }) => {
      const history = openHistory(readSettings(settingsOfReader({ store }, terminal)));
      const diff = diffReports(await reportOf(history, before), await reportOf(history, after));
      const look = { color: isColored(output, terminal, color), width: widthOf(output) };
      output.write(renderers[format](diff, look));
      finish(exitCodeOfDiff(diff, failOn));
    });
  return reachingAws(command, terminal).addHelpText(
    "after",
    helpNotes(
      ["diff --store s3://my-bucket/audits", "diff old/report.json new/report.json"],
      ["AUDIT_STORE", ...awsVariables, ...colorVariables],
    ),
  );
}

async function reportOf(history: History, reference: string) {
  const report = await history.report(reference);
  if (report !== null) return report;
  if (["latest", "previous"].includes(reference)) {
    throw new UsageError(
      `The store has no ${reference} audit of the whole scope. Run history to list the stored audits.`,
    );
  }
  throw new UsageError(`The store has no audit ${reference}. Run history to list the stored audits.`);
}

/** The exit code of a comparison: 1 for new or worse failures, else 2 for lost coverage. */
function exitCodeOfDiff({ opened, changed, coverage }: ReportDiff, failOn: FailOn): ExitCode {
  const worse = changed.flatMap(({ before, after }) =>
    severityRank(after.severity) < severityRank(before.severity) ? [after] : [],
  );
  if (failOn !== "never" && [...opened, ...worse].some((finding) => isAtLeast(finding, failOn))) {
    return exitCode.failing;
  }
  return coverage.lost.length > 0 ? exitCode.incomplete : exitCode.compliant;
}

function isAtLeast({ severity }: Finding, threshold: Exclude<FailOn, "never">): boolean {
  return severityRank(severity) <= severityRank(threshold);
}
