import { rm } from "node:fs/promises";
import { Command } from "@commander-js/extra-typings";
import { readOptions } from "../../app/reading.ts";
import { openRegistryWriters } from "../../app/registry-writers.ts";
import { readSettings } from "../../app/settings.ts";
import { messageOf } from "../../core/errors.ts";
import { ConfigurationError } from "../../core/problem.ts";
import { stepLine } from "../../formats/plan/json.ts";
import { renderPlanText } from "../../formats/plan/text.ts";
import { changeTitle } from "../../formats/plan/words.ts";
import { systemClock } from "../../local/clock.ts";
import { LockHeldError, removeLockFiles, withFileLock } from "../../local/file-lock.ts";
import { type JournalFile, openJournal } from "../../local/journal.ts";
import {
  type ApplyOptions as ApplyPlanOptions,
  applyPlan,
  withheldBecause,
} from "../../remediation/apply/apply.ts";
import { type LoadedPlan, readHistory, readPlan } from "../../remediation/apply/read-plan.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { counted } from "../../render/words.ts";
import type { RemediationPlan, StepResult } from "../../schemas/remediation-plan.ts";
import { reachingAws } from "../aws-options.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { awsVariables, colorVariables, helpNotes, roleVariables } from "../help-notes.ts";
import { withInterrupts } from "../interrupts.ts";
import { readInput } from "../read-input.ts";
import { type SettingOptions, settingsFrom } from "../settings-from.ts";
import { externalIdOption, outputPath, roleNameOption } from "../shared-options.ts";
import { isColored, type Terminal, UsageError, widthOf } from "../terminal.ts";

type ApplyOptions = SettingOptions & {
  readonly allowReplace: boolean;
  readonly allowDelete: boolean;
  readonly yes: boolean;
};

/** Defines `apply PLAN`: applies a plan from the command line with the operator's own credentials. */
export function applyCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const command = new Command("apply")
    .description("apply a plan that plan --format json=FILE wrote")
    .argument("<plan>", "the plan file")
    .option("--yes", "apply without asking for confirmation", false)
    .option("--allow-replace", "allow replacing rules (delete, then create)", false)
    .option("--allow-delete", "allow deleting rules", false)
    .option("--journal <file>", "the file that records each step (default: PLAN.journal)", outputPath)
    .addOption(roleNameOption())
    .addOption(externalIdOption())
    .option("--no-color", "no colours")
    .action(async (file, options) => {
      const loaded = readPlan(await readInput(file, "Plan"), file);
      const { output } = terminal;
      const look = { color: isColored(output, terminal, options.color), width: widthOf(output) };
      output.write(renderPlanText(loaded.plan, look));
      if (loaded.plan.registries.length === 0) return;
      output.write(withheldText(loaded.plan, options));
      const declined = await confirmPlan(options.yes, terminal);
      if (declined !== null) {
        finish(declined);
        return;
      }
      const journalFile = options.journal ?? `${file}.journal`;
      finish(await applyInterruptibly(loaded, options, journalFile, terminal));
    });
  return reachingAws(command, terminal).addHelpText(
    "after",
    helpNotes(
      ["apply plan.json", "apply plan.json --allow-replace --profile operator", "apply plan.json --yes"],
      [...roleVariables, ...awsVariables, ...colorVariables],
    ),
  );
}

/** Says which changes the options do not allow, before the operator decides. */
function withheldText({ registries }: RemediationPlan, options: ApplyOptions): string {
  const changes = registries.flatMap((registry) => registry.changes);
  const reasons = changes.flatMap((change) => withheldBecause(change, options) ?? []);
  const lines = Array.from(
    Map.groupBy(reasons, (reason) => reason),
    ([reason, withheld]) => {
      return `${counted(withheld.length, "change")} will be skipped: ${reason}.\n`;
    },
  );
  return lines.join("");
}

/**
 * Asks the operator to confirm the plan, unless `--yes` was given.
 *
 * @returns `null` to go on, or the exit code of the command if the operator declines or interrupts it
 * @throws UsageError if there is no terminal to ask on
 */
async function confirmPlan(yes: boolean, { ask, errors }: Terminal): Promise<ExitCode | null> {
  if (yes) return null;
  if (ask === undefined) throw new UsageError("No terminal to ask for confirmation: confirm with --yes");
  const answer = await ask("Apply this plan? Type yes: ");
  if (answer?.trim() === "yes") return null;
  errors.write(`${answer === null ? "\n" : ""}Nothing was changed.\n`);
  return answer === null ? exitCode.interrupted : exitCode.failing;
}

/**
 * Applies the plan. Ctrl-C ends the command after the change that is being made, and once more at once; both say what was
 * done, and leave the journal alone.
 */
async function applyInterruptibly(
  loaded: LoadedPlan,
  options: ApplyOptions,
  journalFile: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const { errors, output } = terminal;
  const done: StepResult[] = [];
  const onStep = (result: StepResult): void => {
    done.push(result);
    output.write(stepLine(result));
  };
  const goOn = `Run the same command again to continue; journal: ${inlineText(journalFile)}\n`;
  const interruptedText = () => `Interrupted: ${doneText(loaded.plan, done)}. ${goOn}`;
  return await withInterrupts(
    async (interrupted) => {
      const isComplete = await inJournal(journalFile, (journal) =>
        applyLoadedPlan(loaded, { ...options, onStep, interrupted }, { journal, journalFile }, terminal),
      );
      if (interrupted.aborted) {
        errors.write(isComplete ? `Interrupted: ${doneText(loaded.plan, done)}.\n` : interruptedText());
        return exitCode.interrupted;
      }
      if (isComplete) return exitCode.compliant;
      errors.write(`Not every step was applied. ${goOn}`);
      return exitCode.failing;
    },
    {
      onFirst: () => errors.write("Ending after the change that is being made. Ctrl-C again ends at once.\n"),
      onSecond: () => {
        removeLockFiles(lockOf(journalFile));
        errors.write(`The change that was being made is not confirmed. ${interruptedText()}`);
      },
    },
  );
}

/** What was done, such as `1 of 3 changes was applied`, with what became of the others that were begun. */
function doneText({ registries }: RemediationPlan, done: readonly StepResult[]): string {
  const all = registries.flatMap(({ changes }) => changes).length;
  const outcomes = Map.groupBy(done, ({ outcome }) => outcome);
  const applied = outcomes.get("applied")?.length ?? 0;
  outcomes.delete("applied");
  const others = Array.from(outcomes, ([outcome, results]) => `, ${results.length} ${outcome}`);
  return `${applied} of ${counted(all, "change")} ${applied === 1 ? "was" : "were"} applied${others.join("")}`;
}

function lockOf(journalFile: string): string {
  return `${journalFile}.lock`;
}

/**
 * Runs `work` with the journal, which it locks.
 *
 * @throws UsageError if another run holds the journal
 * @throws ConfigurationError if the journal cannot be used
 */
async function inJournal<T>(path: string, work: (journal: JournalFile) => Promise<T>): Promise<T> {
  try {
    const lock = lockOf(path);
    return await withFileLock(lock, 0, async () => {
      // Removed while it is held, so that no other run is between its first and last use of the file.
      await using _lock = {
        [Symbol.asyncDispose]: () => rm(lock, { force: true }).catch(() => undefined),
      };
      await using journal = await opened(path);
      return await work(journal);
    });
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new UsageError(`--journal ${path}: another run is using this journal`);
  }
}

async function opened(path: string): Promise<JournalFile> {
  try {
    return await openJournal(path);
  } catch (error) {
    throw new ConfigurationError("Journal", [{ path, message: `cannot be used: ${messageOf(error)}` }]);
  }
}

type Keeping = { readonly journal: JournalFile; readonly journalFile: string };

async function applyLoadedPlan(
  { plan, digest }: LoadedPlan,
  options: ApplyOptions & Pick<ApplyPlanOptions, "onStep" | "interrupted">,
  { journal, journalFile }: Keeping,
  terminal: Terminal,
): Promise<boolean> {
  const settings = readSettings(settingsFrom(options, terminal));
  return applyPlan(plan, {
    planDigest: digest,
    history: readHistory(journal.lines, digest, journalFile),
    journal,
    openWriter: await openRegistryWriters(settings),
    clock: systemClock,
    confirmAfterMs: readOptions(settings).confirmAfterMs,
    allowReplace: options.allowReplace,
    allowDelete: options.allowDelete,
    titleOf: changeTitle,
    onStep: options.onStep,
    interrupted: options.interrupted,
  });
}
