import { readSettings, settingNames } from "../../app/settings.ts";
import { type Auditor, wire } from "../../app/wire.ts";
import { snapshotFileOf } from "../../audit/collect/snapshot-file.ts";
import type { AuditRequest } from "../../audit/plan/request.ts";
import { messageOf } from "../../core/errors.ts";
import { ConfigurationError } from "../../core/problem.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import { inlineText, neutralLines } from "../../render/escape/inline.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { Report } from "../../schemas/report.ts";
import { reachingAws } from "../aws-options.ts";
import { type CheckChoice, isChosen, withChosenChecks } from "../chosen-checks.ts";
import { evaluationCommand, narrowingOf } from "../evaluation-options.ts";
import { type ExitCode, exitCodeOf, withLostOutput } from "../exit-code.ts";
import { tryChoices } from "../format-choices.ts";
import { parseFormats } from "../formats.ts";
import { awsVariables, colorVariables, helpNotes } from "../help-notes.ts";
import { lostOutputs, OutputError, tryFolder, tryOption, tryOutput, writeOutput } from "../output-file.ts";
import { openProgress } from "../progress.ts";
import { writeReport } from "../report-writer.ts";
import { settingsFrom } from "../settings-from.ts";
import {
  concurrencyOption,
  externalIdOption,
  outputPath,
  roleNameOption,
  settingOption,
} from "../shared-options.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../terminal.ts";
import { toldText } from "../told.ts";

/** Collects the registry snapshots of an audit and writes them to a file when the audit has ended. */
type SnapshotFile = {
  readonly add: (snapshot: RegistrySnapshot) => void;
  readonly write: (request: AuditRequest, report: Report) => Promise<void>;
};

/**
 * Opens the file that `--snapshot-out` names.
 *
 * @throws UsageError before the audit starts, if the file cannot be written
 */
async function openSnapshotFile(path: string): Promise<SnapshotFile> {
  const snapshots: RegistrySnapshot[] = [];
  await tryOption(`--snapshot-out ${path}`, tryOutput(path));
  return {
    add: (snapshot) => {
      snapshots.push(snapshot);
    },
    write: async (request, report) => {
      const text = safeJson(snapshotFileOf(request, report, snapshots), 1);
      try {
        await writeOutput(path, `${text}\n`);
      } catch (error) {
        throw new OutputError(`--snapshot-out ${path}: ${messageOf(error)}`);
      }
    },
  };
}

/** @throws UsageError if the store is a folder that cannot be written to: at once, and not after the audit */
async function tryStore(store: string | null): Promise<void> {
  if (store === null || store.startsWith("s3://")) return;
  await tryOption(`--store ${store}`, tryFolder(store));
}

/** Defines `audit`: plan, collect, evaluate, compare, report, and with `--publish` deliver. */
export function auditCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const command = evaluationCommand("audit")
    .description("audit the pull through cache rules in the policy's scope")
    .addOption(roleNameOption())
    .addOption(externalIdOption())
    .addOption(concurrencyOption())
    .option("--snapshot-out <file>", "save the facts that were read, for evaluate --snapshot", outputPath)
    .option("--collect-all", "with --snapshot-out: also read facts that the policy does not need", false)
    .option(
      "--store <location>",
      "store audits in a folder or in s3://bucket/prefix",
      settingOption("AUDIT_STORE"),
    )
    .option("--publish", "deliver alerts to AUDIT_TOPIC_ARN and AUDIT_EVENT_BUS", false)
    .option("--dry-run", "deliver no alerts and store nothing", false)
    .action(async (options) => {
      const { snapshotOut, collectAll, includePassing } = options;
      const formats = parseFormats(options);
      refuseUnusedCollectAll(collectAll, snapshotOut);
      await tryChoices(formats);
      const snapshotFile = snapshotOut === undefined ? null : await openSnapshotFile(snapshotOut);
      const settings = readSettings(settingsFrom(options, terminal));
      refuseToRememberChosen(options, settings.store);
      if (!options.dryRun) await tryStore(settings.store);
      const auditor = await wire(settings, (policy) => withChosenChecks(policy, options));
      refuseNothingToPublishTo(options.publish, auditor);
      const progress = openProgress(terminal.errors, {
        quiet: options.quiet,
        isDumb: terminal.environment["TERM"] === "dumb",
      });
      const request = { trigger: "cli", ...narrowingOf(options) } as const;
      const { report, location, failure, told, identity } = await auditor
        .run(request, {
          dryRun: options.dryRun,
          notify: null,
          publish: options.publish,
          includePassing,
          collectAll,
          onProgress: progress.show,
          onSnapshot: (snapshot) => snapshotFile?.add(snapshot),
        })
        .finally(progress.end);
      const lost = await lostOutputs([
        () => writeReport(report, { formats, color: options.color, identity }, terminal),
        async () => snapshotFile?.write(request, report),
      ]);
      for (const message of lost) terminal.errors.write(`${neutralLines(message)}\n`);
      if (location !== null && !options.quiet)
        terminal.errors.write(`The report was stored: ${inlineText(location)}\n`);
      for (const { topicArn, heard, note } of report.topics) {
        if (heard !== "not-known") continue;
        terminal.errors.write(`${topicArn} could not be asked who listens: ${inlineText(note ?? "")}\n`);
      }
      if (options.publish && !options.quiet) terminal.errors.write(toldText(told));
      if (failure !== null) throw failure;
      const code = exitCodeOf(report, options.failOn);
      finish(lost.length > 0 ? withLostOutput(code) : code);
    });
  return reachingAws(command, terminal).addHelpText(
    "after",
    helpNotes(
      [
        "audit",
        "audit --policy my-policy.json --accounts 111122223333 --regions eu-west-1",
        "audit -p my-policy.json -o report.html -o report.sarif --format text",
        "audit -p my-policy.json --store s3://my-bucket/audits --publish",
        "audit --check rule-validation,upstream-credentials --profile security --verbose",
      ],
      [...settingNames, ...awsVariables, ...colorVariables],
    ),
  );
}

/** What is left out would count as resolved in the store, and in alerts. */
function refuseToRememberChosen(
  options: CheckChoice & { readonly publish: boolean },
  store: string | null,
): void {
  if (!isChosen(options) || (store === null && !options.publish)) return;
  throw new UsageError(
    "--check and --skip-check go without --store and --publish: to leave a check out of every audit, disable it in the policy",
  );
}

function refuseUnusedCollectAll(collectAll: boolean, snapshotOut: string | undefined): void {
  if (!collectAll || snapshotOut !== undefined) return;
  throw new UsageError(
    "--collect-all requires --snapshot-out: facts that no check needs are only useful in a snapshot",
  );
}

function refuseNothingToPublishTo(publish: boolean, { hasNotifiers }: Auditor): void {
  if (!publish || hasNotifiers) return;
  throw new ConfigurationError("--publish", [
    { path: "The audit", message: "has nothing to publish to: set AUDIT_TOPIC_ARN or AUDIT_EVENT_BUS" },
  ]);
}
