import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { openStoredFiles } from "../../app/evidence.ts";
import { orCannotStart } from "../../app/history.ts";
import { readSettings } from "../../app/settings.ts";
import { parseDay } from "../../core/days.ts";
import { verifyStore } from "../../evidence/verify.ts";
import { verificationText } from "../../formats/verification.ts";
import { safeJson } from "../../render/escape/json.ts";
import { reachingAws } from "../aws-options.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { awsVariables, colorVariables, helpNotes } from "../help-notes.ts";
import { settingsOfReader } from "../settings-from.ts";
import { storeOption } from "../shared-options.ts";
import { isColored, type Terminal, widthOf } from "../terminal.ts";

const variables = ["AUDIT_STORE", ...awsVariables, ...colorVariables] as const;

/** Defines `evidence` and `evidence verify`: what stored reports prove. */
export function evidenceCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  return new Command("evidence")
    .description("show what the stored reports prove")
    .addHelpText("after", helpNotes(["evidence verify", "help evidence verify"], variables))
    .addCommand(verifyCommand(terminal, finish));
}

function verifyCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const { output } = terminal;
  const command = new Command("verify")
    .description("verify that the stored reports are whole, unaltered and in order; exit with 1 if not")
    .addOption(storeOption())
    .option("--from <day>", "the first day whose reports must be there, as 2026-10-02 (default: all)", day)
    .addOption(
      new Option("-f, --format <name>", "output format")
        .choices(["text", "json"] as const)
        .default("text" as const),
    )
    .option("--no-color", "no colours")
    .action(async ({ store, from, format, color }) => {
      const settings = readSettings(settingsOfReader({ store }, terminal));
      const verification = await orCannotStart(async () =>
        verifyStore(await openStoredFiles(settings), { from }),
      );
      const look = { color: isColored(output, terminal, color), width: widthOf(output) };
      output.write(
        format === "json" ? `${safeJson(verification, 2)}\n` : verificationText(verification, look),
      );
      finish(verification.problems.length === 0 ? exitCode.compliant : exitCode.failing);
    });
  const examples = [
    "evidence verify --store s3://my-bucket/audits",
    "evidence verify --store audits --from 2026-10-02 --format json",
  ];
  return reachingAws(command, terminal).addHelpText("after", helpNotes(examples, variables));
}

function day(text: string): string {
  if (parseDay(text) === null) throw new InvalidArgumentError("It must be a day, such as 2026-10-02.");
  return text;
}
