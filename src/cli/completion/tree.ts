import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { checkIds } from "../../checks/index.ts";
import { knownRegions } from "../../ecr/regions.ts";
import { checkFormatNames } from "../check/formats.ts";
import { formatNames } from "../formats.ts";
import { planFormatNames } from "../plan/write-plan.ts";
import { lintFormatNames } from "../policy/lint.ts";

/** An option as a shell completes it. */
export type CompletedOption = {
  /** `--format`, and `-f` if it has a short form. */
  readonly names: readonly string[];
  readonly description: string;
  /** The values to choose from; empty if there is no list of them. */
  readonly values: readonly string[];
  readonly takesValue: boolean;
};

/** A command as a shell completes it. */
export type CompletedCommand = {
  /** The words that call it, such as `policy lint`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  readonly subcommands: readonly CompletedCommand[];
  readonly options: readonly CompletedOption[];
  /** What its arguments can be, beside files. */
  readonly values: readonly string[];
};

/** Values that options check themselves, by option, or by command and option. */
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  "--check": checkIds,
  "--skip-check": checkIds,
  "--region": knownRegions,
  "--regions": knownRegions,
  "audit --format": formatNames,
  "evaluate --format": formatNames,
  "check --format": checkFormatNames,
  "plan --format": planFormatNames,
  "policy lint --format": lintFormatNames,
};

const argumentsOf: Readonly<Record<string, readonly string[]>> = {
  checks: checkIds,
  completion: ["bash", "zsh", "fish"],
};

/** What can be completed of a program whose commands are all loaded. */
export function completedCommand(command: CommandUnknownOpts, path = ""): CompletedCommand {
  const subcommands = command.commands.map((sub) =>
    completedCommand(sub, path === "" ? sub.name() : `${path} ${sub.name()}`),
  );
  const options = command.createHelp().visibleOptions(command);
  return {
    path,
    description: command.description(),
    subcommands,
    options: options.map((option) => completedOption(option, path)),
    values:
      path === "help"
        ? (command.parent?.commands.map((known) => known.name()) ?? [])
        : (argumentsOf[path] ?? []),
  };
}

function completedOption({ long, short, description, argChoices, required, optional }: Option, path: string) {
  const names = [long, short].flatMap((name) => name ?? []);
  const values = argChoices ?? valuesOf[`${path} ${long}`] ?? valuesOf[long ?? ""] ?? [];
  return { names, description, values, takesValue: required || optional };
}

/** A command and all commands below it. */
export function allCommands(command: CompletedCommand): readonly CompletedCommand[] {
  return [command, ...command.subcommands.flatMap(allCommands)];
}

/** The words that can follow a command, without files. */
export function wordsOf({ subcommands, options, values }: CompletedCommand): readonly string[] {
  const names = subcommands.map(({ path }) => path.split(" ").at(-1) ?? path);
  return [...names, ...values, ...options.flatMap((option) => option.names)];
}
