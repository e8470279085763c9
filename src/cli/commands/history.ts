import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { type History, openHistory } from "../../app/history.ts";
import { readSettings } from "../../app/settings.ts";
import { historyJson, historyText } from "../../formats/history.ts";
import type { TrendPoint } from "../../formats/trend/points.ts";
import { reachingAws } from "../aws-options.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { awsVariables, colorVariables, helpNotes } from "../help-notes.ts";
import { settingsOfReader } from "../settings-from.ts";
import { storeOption } from "../shared-options.ts";
import { isColored, type Terminal, widthOf } from "../terminal.ts";

/** How many audits the page shows if no limit is given. */
const MOST_OF_TREND = 90;

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
    .option("--limit <n>", `list at most this many audits (html: ${MOST_OF_TREND})`, wholeNumber)
    .option("--no-color", "no colours")
    .action(async ({ store, format, limit, color }) => {
      const history = openHistory(readSettings(settingsOfReader({ store }, terminal)));
      if (format === "html") {
        output.write(await trendPage(history, limit ?? MOST_OF_TREND));
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

/** The page of the latest audits of the whole scope. Each report is read once, and only its figures are kept. */
async function trendPage({ records, report }: History, limit: number): Promise<string> {
  const [{ trendHtml }, { trendPoint }] = await Promise.all([
    import("../../formats/trend/html.ts"),
    import("../../formats/trend/points.ts"),
  ]);
  const shown = (await records()).filter(({ wholeScope }) => wholeScope).slice(0, limit);
  const points: TrendPoint[] = [];
  for (const { auditId } of shown.toReversed()) {
    const stored = await report(auditId);
    if (stored !== null) points.push(trendPoint(stored));
  }
  return trendHtml(points, shown.length - points.length);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}
