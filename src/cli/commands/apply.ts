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
import { LockHeldError, withFileLock } from "../../local/file-lock.ts";
import { type JournalFile, openJournal } from "../../local/journal.ts";
import { applyPlan } from "../../remediation/apply/apply.ts";
import { type LoadedPlan, readHistory, readPlan } from "../../remediation/apply/read-plan.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { readInput } from "../read-input.ts";
import { type SettingOptions, settingsFrom } from "../settings-from.ts";
import { externalIdOption, notEmpty, roleNameOption } from "../shared-options.ts";
import { isColored, type Terminal, UsageError, widthOf } from "../terminal.ts";

type ApplyOptions = SettingOptions & {
  readonly allowReplace: boolean;
  readonly allowDelete: boolean;
  readonly yes: boolean;
};

/** Defines `apply PLAN`: carries out a plan, at a desk and with the operator's own credentials. */
export function applyCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  return new Command("apply")
    .description("carry out a plan: what plan --format json=FILE wrote")
    .argument("<plan>", "the plan's file")
    .option("--yes", "do not ask", false)
    .option("--allow-replace", "replace rules: delete them and create others", false)
    .option("--allow-delete", "delete rules", false)
    .option("--journal <file>", "where each step is written down (default: PLAN.journal)", notEmpty)
    .addOption(roleNameOption())
    .addOption(externalIdOption())
    .option("--no-color", "no colours")
    .action(async (file, options) => {
      const loaded = readPlan(await readInput(file, "Plan"), file);
      const { output } = terminal;
      const look = { color: isColored(output, terminal, options.color), width: widthOf(output) };
      output.write(renderPlanText(loaded.plan, look));
      if (loaded.plan.registries.length === 0) return;
      await refuseUnlessAgreed(options.yes, terminal);
      const journalFile = options.journal ?? `${file}.journal`;
      const isWhole = await inJournal(journalFile, (journal) =>
        carryOutPlan(loaded, options, { journal, journalFile }, terminal),
      );
      if (!isWhole) {
        terminal.errors.write(
          `Not all is applied. Run the same command again to go on; journal: ${inlineText(journalFile)}\n`,
        );
        finish(exitCode.failing);
      }
    });
}

/** @throws UsageError when nobody agrees, or nobody can be asked */
async function refuseUnlessAgreed(yes: boolean, { ask }: Terminal): Promise<void> {
  if (yes) return;
  if (ask === undefined) throw new UsageError("There is no terminal to ask on: agree to the plan with --yes");
  const answer = await ask("Carry out this plan? Type yes: ");
  if (answer.trim() !== "yes") throw new UsageError("Nothing was changed.");
}

/** @throws UsageError when another run holds the journal, or it can not be written */
async function inJournal<T>(path: string, work: (journal: JournalFile) => Promise<T>): Promise<T> {
  try {
    return await withFileLock(`${path}.lock`, 0, async () => {
      await using journal = await opened(path);
      return await work(journal);
    });
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new UsageError(`--journal ${path}: another run is at work with it`);
  }
}

async function opened(path: string): Promise<JournalFile> {
  try {
    return await openJournal(path);
  } catch (error) {
    throw new ConfigurationError("Journal", [{ path, message: `can not be used: ${messageOf(error)}` }]);
  }
}

type Keeping = { readonly journal: JournalFile; readonly journalFile: string };

async function carryOutPlan(
  { plan, digest }: LoadedPlan,
  options: ApplyOptions,
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
    onStep: (result) => terminal.output.write(stepLine(result)),
  });
}
