import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { readSnapshotFile } from "../../audit/collect/snapshot-file.ts";
import { evaluateSnapshotFile } from "../../audit/evaluate/evaluate-snapshot.ts";
import { checkIds } from "../../checks/index.ts";
import { codeOf, messageOf } from "../../core/errors.ts";
import { systemClock } from "../../local/clock.ts";
import { standardInput } from "../../local/read-limited.ts";
import { loadPolicy } from "../../policy/load.ts";
import { baselineWaivers, type PolicyFile, policyFromSnapshot, starterPolicy } from "../../policy/starter.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { counted } from "../../render/words.ts";
import type { SnapshotFile } from "../../schemas/snapshot-file.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { helpNotes } from "../help-notes.ts";
import { OutputError } from "../output-file.ts";
import { readInput } from "../read-input.ts";
import { notEmpty, outputPath } from "../shared-options.ts";
import { type Terminal, UsageError } from "../terminal.ts";

/** The file that is written if none is named. */
const usualFile = "policy.json";

/** Defines `policy init`: writes a policy to begin with. An existing file is never replaced. */
export function policyInitCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  return new Command("init")
    .description("write a policy to begin with, from nothing or from what is there")
    .argument("[file]", `the file to write; - for standard output (default: ${usualFile})`, outputPath)
    .option("--from <snapshot>", "take scope and upstreams from a file of audit --snapshot-out", notEmpty)
    .option("--baseline", "with --from: waive each failure that there is, so that only new ones fail", false)
    .addHelpText(
      "after",
      helpNotes(
        [
          "policy init",
          "policy init my-policy.json --from seen.json",
          "policy init my-policy.json --from seen.json --baseline",
        ],
        [],
      ),
    )
    .action(async (file = usualFile, { from, baseline }) => {
      if (baseline && from === undefined) {
        throw new UsageError("--baseline requires --from: a snapshot says what fails now");
      }
      const snapshot = from === undefined ? null : readSnapshotFile(await readInput(from, "Snapshot"), from);
      const written = snapshot === null ? starterPolicy() : policyFromSnapshot(snapshot);
      const waivers = snapshot !== null && baseline ? waiversFor(written, snapshot) : [];
      const text = textOf(waivers.length === 0 ? written : { ...written, waivers: [...waivers] });
      if (file === standardInput) terminal.output.write(text);
      else await writeNew(file, text);
      terminal.errors.write(closingText(file, waivers.length));
      finish(exitCode.compliant);
    });
}

function textOf(file: PolicyFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function waiversFor(file: PolicyFile, snapshot: SnapshotFile) {
  const now = systemClock.now();
  const policy = loadPolicy(textOf(file), usualFile, checkIds);
  const everything = { accounts: null, regions: null, prefixes: null };
  const { findings } = evaluateSnapshotFile(snapshot, everything, policy, { now, includePassing: false });
  return baselineWaivers(findings, now);
}

/** @throws UsageError if the file exists already @throws OutputError if it cannot be written */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    if (error instanceof Error && codeOf(error) === "EEXIST") {
      throw new UsageError(`${file} exists already, and is left as it is: name another file`);
    }
    const isWithoutFolder = error instanceof Error && codeOf(error) === "ENOENT";
    const reason = isWithoutFolder
      ? `the folder ${dirname(file)} does not exist; create it`
      : messageOf(error);
    throw new OutputError(`${file} could not be written: ${reason}`);
  }
}

function closingText(file: string, waivers: number): string {
  const name = inlineText(file === standardInput ? usualFile : file);
  const waived = waivers === 0 ? "" : `, with ${counted(waivers, "waiver")} to work off and to assign`;
  return [
    ...(file === standardInput ? [] : [`Wrote ${name}${waived}.`]),
    `Next: pull-through-auditor policy lint ${name}; pull-through-auditor audit --policy ${name}`,
    "",
  ].join("\n");
}
