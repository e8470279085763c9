import { Command } from "@commander-js/extra-typings";
import { lintFile } from "../../app/policy-lint.ts";
import { formats } from "../../formats/index.ts";
import { renderLintJson } from "../../formats/lint/json.ts";
import { renderLintSarif } from "../../formats/lint/sarif.ts";
import { problemText, renderLintText, usableText } from "../../formats/lint/text.ts";
import { standardInput } from "../../local/read-limited.ts";
import { neutralLines } from "../../render/escape/inline.ts";
import type { LintedFile, LintReport } from "../../schemas/policy-lint.ts";
import { reachingAws } from "../aws-options.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { formatOption, outputOption, parseChoices, tryChoices, writeChoices } from "../format-choices.ts";
import { awsVariables, helpNotes } from "../help-notes.ts";
import { type Terminal, UsageError } from "../terminal.ts";
import { productVersion } from "../version.ts";

/** The formats of the result of `policy lint`. */
const lintRenderers = {
  text: renderLintText,
  json: renderLintJson,
  sarif: (report) => renderLintSarif(report, productVersion()),
} as const satisfies Record<string, (report: LintReport) => string>;

type LintFormatName = keyof typeof lintRenderers;

/** The names of the formats of `policy lint`. */
export const lintFormatNames = ["text", "json", "sarif"] as const satisfies readonly LintFormatName[];

/** Defines `policy lint`: every problem of every policy at once. */
export function policyLintCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const command = new Command("lint")
    .description("validate policy files and list every problem with its JSON path")
    .argument("<files...>", "paths, s3://bucket/key, or - for standard input")
    .addOption(formatOption(lintFormatNames, "repeatable"))
    .addOption(outputOption())
    .option("--strict", "warnings, such as of expired waivers, are errors", false)
    .action(async (files, { strict, ...options }) => {
      if (files.filter((file) => file === standardInput).length > 1) {
        throw new UsageError("Standard input can be read only once: name - once");
      }
      const choices = parseChoices(options, lintFormatNames, "text", (name) => formats[name].suffixes);
      await tryChoices(choices);
      const linted: LintedFile[] = [];
      for (const file of files) linted.push(await lintOne(file, strict));
      const report = { schemaVersion: 1, files: linted } as const;
      await writeChoices(choices, false, terminal, (name, _look, file) => {
        if (name !== "text" || file !== null) return lintRenderers[name](report);
        terminal.errors.write(neutralLines(problemText(report)));
        return usableText(report);
      });
      const isWrong = linted.some(({ problems }) => problems.some(({ level }) => level === "error"));
      finish(isWrong ? exitCode.configuration : exitCode.compliant);
    });
  return reachingAws(command, terminal).addHelpText(
    "after",
    helpNotes(
      [
        "policy lint my-policy.json",
        "policy lint policies/*.json --strict -o lint.sarif",
        "policy lint - --format json",
        "policy lint s3://my-bucket/policy.json",
      ],
      awsVariables,
    ),
  );
}

async function lintOne(file: string, strict: boolean): Promise<LintedFile> {
  const { loaded, problems } = await lintFile(file);
  return {
    file,
    policy: loaded === null ? null : { name: loaded.policy.name, digest: loaded.digest },
    problems: problems.map((problem) => ({ ...problem, level: strict ? "error" : problem.level })),
  };
}
