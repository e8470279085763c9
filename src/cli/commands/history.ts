import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { openHistory } from "../../app/history.ts";
import { readSettings } from "../../app/settings.ts";
import { historyJson, historyText } from "../../formats/history.ts";
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
        .choices(["text", "json"] as const)
        .default("text" as const),
    )
    .option("--limit <n>", "list at most this many audits", wholeNumber)
    .option("--no-color", "no colours")
    .action(async ({ store, format, limit, color }) => {
      const { records } = openHistory(readSettings(settingsOfReader({ store }, terminal)));
      const listed = (await records()).slice(0, limit);
      const look = { color: isColored(output, terminal, color), width: widthOf(output) };
      output.write(format === "json" ? historyJson(listed) : historyText(listed, look));
      finish(exitCode.compliant);
    });
  return reachingAws(command, terminal).addHelpText(
    "after",
    helpNotes(
      ["history --store s3://my-bucket/audits", "history --store audits --limit 10 --format json"],
      ["AUDIT_STORE", ...awsVariables, ...colorVariables],
    ),
  );
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}
