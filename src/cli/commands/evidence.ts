import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { openStoredFiles } from "../../app/evidence.ts";
import { orCannotStart } from "../../app/history.ts";
import { readSettings } from "../../app/settings.ts";
import { parseDay } from "../../core/days.ts";
import { collectEvidence } from "../../evidence/collect-evidence.ts";
import { verifyStore } from "../../evidence/verify.ts";
import { evidenceCsv } from "../../formats/evidence/csv.ts";
import { evidenceHtml } from "../../formats/evidence/html.ts";
import { isOfNoReport, verificationText } from "../../formats/verification.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { Evidence } from "../../schemas/evidence.ts";
import type { Verification } from "../../schemas/verification.ts";
import { reachingAws } from "../aws-options.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { awsVariables, colorVariables, helpNotes } from "../help-notes.ts";
import { settingsOfReader } from "../settings-from.ts";
import { storeOption } from "../shared-options.ts";
import { isColored, type Terminal, UsageError, widthOf } from "../terminal.ts";

const variables = ["AUDIT_STORE", ...awsVariables, ...colorVariables] as const;

const renderers = {
  html: evidenceHtml,
  json: (evidence) => `${safeJson(evidence, 2)}\n`,
  csv: evidenceCsv,
} as const satisfies Record<string, (evidence: Evidence) => string>;

/** Defines `evidence` and `evidence verify`: what stored reports prove. */
export function evidenceCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const command = new Command("evidence")
    .description("show what the stored audits of a period prove, for auditors")
    // Otherwise the options of `verify` that have the same names would be read as those of this command.
    .enablePositionalOptions()
    .addOption(storeOption())
    .option("--from <day>", "the first day of the period, UTC, as 2026-10-02", day)
    .option("--to <day>", "the last day of the period", day)
    .addOption(
      new Option("-f, --format <name>", "output format")
        .choices(["html", "json", "csv"] as const)
        .default("html" as const),
    )
    .action(async ({ store, from, to, format }) => {
      if (from === undefined || to === undefined)
        throw new UsageError("Name the period with --from and --to.");
      if (from > to) throw new UsageError(`--from ${from} is after --to ${to}.`);
      const settings = readSettings(settingsOfReader({ store }, terminal));
      const evidence = await orCannotStart(async () =>
        collectEvidence(await openStoredFiles(settings), { from, to }),
      );
      terminal.output.write(renderers[format](evidence));
      finish(evidence.verification.problems.length === 0 ? exitCode.compliant : exitCode.failing);
    });
  const examples = [
    "evidence --store s3://my-bucket/audits --from 2026-07-01 --to 2026-09-30 > evidence.html",
    "evidence --store audits --from 2026-07-01 --to 2026-09-30 --format csv > findings.csv",
    "help evidence verify",
  ];
  return reachingAws(command, terminal)
    .addHelpText("after", helpNotes(examples, variables))
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
        format === "json" ? `${safeJson(verification, 2)}\n` : verificationText(verification, look, from),
      );
      finish(codeOf(verification, from));
    });
  const examples = [
    "evidence verify --store s3://my-bucket/audits",
    "evidence verify --store audits --from 2026-10-02 --format json",
  ];
  return reachingAws(command, terminal).addHelpText("after", helpNotes(examples, variables));
}

/** The exit code of a verification. */
function codeOf(verification: Verification, from: string | undefined): ExitCode {
  if (verification.problems.length > 0) return exitCode.failing;
  return isOfNoReport(verification, from) ? exitCode.incomplete : exitCode.compliant;
}

function day(text: string): string {
  if (parseDay(text) === null) throw new InvalidArgumentError("It must be a day, such as 2026-10-02.");
  return text;
}
