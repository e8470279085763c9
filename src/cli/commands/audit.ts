import { writeFile } from "node:fs/promises";
import { Command, Option } from "@commander-js/extra-typings";
import * as z from "zod";
import { messageOf } from "../../aws/errors.ts";
import { severities } from "../../model/finding.ts";
import type { Report } from "../../model/report.ts";
import { accountIdSchema, regionSchema } from "../../model/target.ts";
import { ConfigurationError } from "../../policy/problem.ts";
import { readSettings } from "../../settings.ts";
import { type Auditor, wire } from "../../wire.ts";
import { type ExitCode, exitCodeOf } from "../exit-code.ts";
import { type FormatChoice, formatNames, parseFormats, render } from "../formats.ts";
import { listOf, notEmpty, repeatable } from "../list-options.ts";
import { progressLine } from "../progress.ts";
import { isColored, type Terminal, widthOf } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** Defines `audit`: plan, collect, evaluate, compare, report, and with `--publish` deliver. */
export function auditCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  return new Command("audit")
    .description("audit the pull through cache rules that the policy's scope holds")
    .option(
      "--policy <file>",
      "the policy: a path or s3://bucket/key (default: the one that comes along)",
      notEmpty,
    )
    .option(
      "--accounts <ids>",
      "only these accounts of the scope, separated by commas",
      listOf(accountIdSchema),
    )
    .option("--regions <names>", "only these regions of the scope", listOf(regionSchema))
    .option("--prefixes <names>", "only the rules with these prefixes", listOf(z.string().min(2).max(31)))
    .option("--role-name <name>", "the role to assume in every account but the own", notEmpty)
    .option("--external-id <id>", "the external id that the role asks for", notEmpty)
    .option("--format <name[=file]>", `${formatNames.join(" or ")}; repeatable`, repeatable, [])
    .option("--publish", "tell the outlets that AUDIT_TOPIC_ARN and AUDIT_EVENT_BUS name", false)
    .option("--dry-run", "tell nobody, store nothing", false)
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 from this severity on")
        .choices([...severities, "never"] as const)
        .default("low" as const),
    )
    .option("--include-passing", "report what passes too", false)
    .option("--concurrency <n>", "calls to AWS under way at once", notEmpty)
    .option("--quiet", "show no progress", false)
    .option("--no-color", "no colours")
    .action(async (options) => {
      const formats = parseFormats(options.format);
      const auditor = await wire(readSettings(settingsFrom(options, terminal)));
      refuseNothingToTell(options.publish, auditor);
      const progress = progressLine(terminal.errors, options.quiet);
      const report = await auditor
        .audit(
          {
            trigger: "cli",
            accounts: options.accounts ?? null,
            regions: options.regions ?? null,
            prefixes: options.prefixes ?? null,
          },
          { includePassing: options.includePassing, onProgress: progress.show },
        )
        .finally(progress.clear);
      for (const format of formats) await write(report, format, options.color, terminal);
      if (options.publish && !options.dryRun) await auditor.publish(report, "changes");
      finish(exitCodeOf(report, options.failOn));
    });
}

type SettingOptions = {
  readonly policy?: string;
  readonly roleName?: string;
  readonly externalId?: string;
  readonly concurrency?: string;
};

/** The environment's settings, with the command line's own before them. */
function settingsFrom(options: SettingOptions, { environment }: Terminal): Terminal["environment"] {
  const given = {
    AUDIT_POLICY: options.policy,
    AUDIT_ROLE_NAME: options.roleName,
    AUDIT_EXTERNAL_ID: options.externalId,
    AUDIT_CONCURRENCY: options.concurrency,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...environment, ...Object.fromEntries(set) };
}

function refuseNothingToTell(publish: boolean, { outlets }: Auditor): void {
  if (!publish || outlets.length > 0) return;
  throw new ConfigurationError("--publish", [
    { path: "AUDIT_TOPIC_ARN, AUDIT_EVENT_BUS", message: "name no outlet: set one of them" },
  ]);
}

async function write(
  report: Report,
  format: FormatChoice,
  color: boolean,
  terminal: Terminal,
): Promise<void> {
  const { output } = terminal;
  if (format.file === null) {
    const look = { color: isColored(output, terminal, color), width: widthOf(output) };
    output.write(render(report, format.name, look));
    return;
  }
  try {
    await writeFile(
      format.file,
      render(report, format.name, { color: false, width: widthOf({ write: output.write }) }),
    );
  } catch (error) {
    throw new UsageError(`--format ${format.name}=${format.file}: ${messageOf(error)}`);
  }
}
