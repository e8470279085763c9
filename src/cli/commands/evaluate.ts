import { defaultPolicy, openPolicy } from "../../app/policy.ts";
import { readSettings } from "../../app/settings.ts";
import { readSnapshotFile } from "../../audit/collect/snapshot-file.ts";
import { evaluateSnapshotFile } from "../../audit/evaluate/evaluate-snapshot.ts";
import { systemClock } from "../../local/clock.ts";
import { neutralLines } from "../../render/escape/inline.ts";
import { minuteOf } from "../../render/words.ts";
import { reachingAws } from "../aws-options.ts";
import { withChosenChecks } from "../chosen-checks.ts";
import { evaluationCommand, narrowingOf } from "../evaluation-options.ts";
import { type ExitCode, exitCodeOf, withLostOutput } from "../exit-code.ts";
import { tryChoices } from "../format-choices.ts";
import { parseFormats } from "../formats.ts";
import { awsVariables, colorVariables, helpNotes } from "../help-notes.ts";
import { lostOutputs } from "../output-file.ts";
import { readInput } from "../read-input.ts";
import { writeReport } from "../report-writer.ts";
import { settingsFrom } from "../settings-from.ts";
import { notEmpty } from "../shared-options.ts";
import type { Terminal } from "../terminal.ts";

/** Defines `evaluate`: evaluates a snapshot file with the current policy and the current time. */
export function evaluateCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const command = evaluationCommand("evaluate")
    .description("evaluate a snapshot from audit --snapshot-out: offline, with any policy, as of now")
    .requiredOption("--snapshot <file>", "the snapshot to evaluate", notEmpty)
    .action(async (options) => {
      const formats = parseFormats(options);
      await tryChoices(formats);
      const { policy: location } = readSettings(settingsFrom(options, terminal));
      const policy = withChosenChecks(await openPolicy(location ?? defaultPolicy), options);
      const snapshotFile = readSnapshotFile(await readInput(options.snapshot, "Snapshot"), options.snapshot);
      const { includePassing } = options;
      const report = evaluateSnapshotFile(snapshotFile, narrowingOf(options), policy, {
        now: systemClock.now(),
        includePassing,
      });
      if (!options.quiet)
        terminal.errors.write(`Evaluating the snapshot of ${minuteOf(snapshotFile.collectedAt)}\n`);
      const lost = await lostOutputs([
        () => writeReport(report, { formats, color: options.color, identity: null }, terminal),
      ]);
      for (const message of lost) terminal.errors.write(`${neutralLines(message)}\n`);
      const code = exitCodeOf(report, options.failOn);
      finish(lost.length > 0 ? withLostOutput(code) : code);
    });
  return reachingAws(command, terminal).addHelpText(
    "after",
    helpNotes(
      [
        "evaluate --snapshot seen.json",
        "evaluate --snapshot seen.json -p my-next-policy.json --skip-check rule-quota",
        "evaluate --snapshot seen.json -o report.html",
      ],
      ["AUDIT_POLICY", ...awsVariables, ...colorVariables],
    ),
  );
}
