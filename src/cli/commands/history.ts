import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { type History, openHistory } from "../../app/history.ts";
import { readSettings } from "../../app/settings.ts";
import { historyJson, historyText } from "../../formats/history.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import { trendFigures } from "../../schemas/trend-figures.ts";
import { reachingAws } from "../aws-options.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { awsVariables, colorVariables, helpNotes } from "../help-notes.ts";
import { settingsOfReader } from "../settings-from.ts";
import { storeOption } from "../shared-options.ts";
import { isColored, type Terminal, widthOf } from "../terminal.ts";

/** Defines `history`: lists the stored audits with their counts. */
export function historyCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const { output } = terminal;
  const command = new Command("history")
    .description("list the stored audits with their counts, newest first")
    .addOption(storeOption())
    .addOption(
      new Option("-f, --format <name>", "output format")
        .choices(["text", "json", "html"] as const)
        .default("text" as const),
    )
    .option("--limit <n>", "list at most this many audits; default for html: 90", wholeNumber)
    .option("--no-color", "no colours")
    .action(async ({ store, format, limit, color }) => {
      const history = openHistory(readSettings(settingsOfReader({ store }, terminal)));
      if (format === "html") {
        output.write(await trendPage(history, limit));
        return finish(exitCode.compliant);
      }
      const listed = (await history.records()).slice(0, limit);
      const look = { color: isColored(output, terminal, color), width: widthOf(output) };
      output.write(format === "json" ? historyJson(listed) : historyText(listed, look));
      finish(exitCode.compliant);
    });
  return reachingAws(command, terminal).addHelpText(
    "after",
    helpNotes(
      [
        "history --store s3://my-bucket/audits",
        "history --store audits --limit 10 --format json",
        "history --store audits --format html > trend.html",
      ],
      ["AUDIT_STORE", ...awsVariables, ...colorVariables],
    ),
  );
}

/** The page of the latest audits of the whole scope, with what their records tell. */
async function trendPage(history: History, limit: number | undefined): Promise<string> {
  const [{ trendHtml }, { MOST_AUDITS }] = await Promise.all([
    import("../../formats/trend/html.ts"),
    import("../../formats/trend/charts.ts"),
  ]);
  const whole = (await history.records()).filter(({ wholeScope }) => wholeScope);
  const audits: AuditRecord[] = [];
  for (const record of whole.slice(0, limit ?? MOST_AUDITS)) audits.unshift(await filledIn(record, history));
  return trendHtml(audits);
}

/** The record with the figures that older versions did not keep, as far as its report is still stored. */
async function filledIn(record: AuditRecord, { report }: History): Promise<AuditRecord> {
  if (record.trend !== null) return record;
  const stored = await report(record.auditId);
  if (stored === null) return record;
  return { ...record, trend: trendFigures(stored) };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}
