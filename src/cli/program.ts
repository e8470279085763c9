import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  Help,
  InvalidArgumentError,
  type Option,
} from "@commander-js/extra-typings";
import { fileSentenceOf, messageOf } from "../core/errors.ts";
import { neutralLines } from "../render/escape/inline.ts";
import { type ExitCode, exitCode, exitCodeOfError } from "./exit-code.ts";
import { awsVariables, colorVariables, helpNotes } from "./help-notes.ts";
import { type Terminal, UsageError } from "./terminal.ts";
import { productVersion } from "./version.ts";

/** Creates a command that passes its exit code to `finish`. */
export type CommandFactory = (terminal: Terminal, finish: (code: ExitCode) => void) => CommandUnknownOpts;

/** Commands by name. Each is loaded when it is called, because most need modules that the others do not. */
export type CommandTable = Readonly<Record<string, () => Promise<CommandFactory>>>;

/** The commands of the product, in the order in which help lists them. */
const commands: CommandTable = {
  audit: async () => (await import("./commands/audit.ts")).auditCommand,
  evaluate: async () => (await import("./commands/evaluate.ts")).evaluateCommand,
  history: async () => (await import("./commands/history.ts")).historyCommand,
  diff: async () => (await import("./commands/diff.ts")).diffCommand,
  evidence: async () => (await import("./commands/evidence.ts")).evidenceCommand,
  policy: async () => (await import("./commands/policy.ts")).policyCommand,
  checks: async () => (await import("./commands/checks.ts")).checksCommand,
  check: async () => (await import("./commands/check.ts")).checkCommand,
  plan: async () => (await import("./commands/plan.ts")).planCommand,
  apply: async () => (await import("./commands/apply.ts")).applyCommand,
  completion: async () => (await import("./commands/completion.ts")).completionCommand,
};

const EXIT_CODES = `
Exit codes:
  0 compliant, 1 a finding fails, 2 something could not be read, 3 an alert was
  not delivered, 64 bad usage, 69 cannot start, 70 a defect, 74 an output
  could not be written, 78 bad policy or configuration, 130 interrupted`;

/**
 * Runs the command line.
 *
 * @param args the arguments after the program's name
 * @param more additional commands that are not part of the product
 * @returns the exit code; never throws
 */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
  more: CommandTable = {},
): Promise<ExitCode> {
  let code: ExitCode = exitCode.compliant;
  const finish = (ended: ExitCode): void => {
    code = ended;
  };
  const program = new Command("pull-through-auditor")
    .description("Audits the Amazon ECR pull through cache rules of an AWS organization.")
    .version(productVersion(), "-v, --version", "print the version")
    .helpCommand(false)
    // -v is another option of commands than of the program.
    .enablePositionalOptions()
    .addHelpText("after", helpNotes(["demo", "audit", "help audit"], [...awsVariables, ...colorVariables]))
    .addHelpText("after", EXIT_CODES);
  const table = { ...commands, ...more };
  const words = withoutHelpCommand(args, table);
  const called = words.find((word) => !word.startsWith("-"));
  const isVersion = called === undefined && words.some((word) => ["-v", "--version"].includes(word));
  for (const [name, load] of Object.entries(table)) {
    const isNeeded = name === called || called === "completion" || (called === undefined && !isVersion);
    program.addCommand(isNeeded ? (await load())(terminal, finish) : new Command(name));
  }
  program.addCommand(new Command("help").description("explain a command").argument("[command...]"));
  routeOutput(program, terminal);
  const problems: string[] = [];
  collectProblems(program, problems);
  program.hook("preAction", () => {
    if (problems.length > 0) throw new UsageError("");
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    for (const problem of problems) terminal.errors.write(`${neutralLines(problem)}\n`);
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.compliant : exitCode.usage;
    const described = describe(error);
    if (described !== "") terminal.errors.write(`${neutralLines(described)}\n`);
    return exitCodeOfError(error);
  }
}

/** `help COMMAND` is `COMMAND --help`: a command that is not loaded cannot explain itself. */
function withoutHelpCommand(args: readonly string[], table: CommandTable): readonly string[] {
  const [first, ...rest] = args;
  if (first !== "help") return args;
  const [name = "audit"] = rest;
  // Without --help, an unknown command is refused.
  return Object.hasOwn(table, name) ? [...rest, "--help"] : rest;
}

/** Commander's description of an option, without defaults that are `false` or empty. */
function describeOption(option: Option): string {
  const isNothing = option.defaultValue === false || String(option.defaultValue) === "";
  return isNothing ? option.description : new Help().optionDescription(option);
}

/** Keeps commander from ending the process and from writing elsewhere. Subcommands do not inherit these settings. */
function routeOutput(command: CommandUnknownOpts, terminal: Terminal): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.errors.write(neutralLines(text)),
    })
    .configureHelp({ optionDescription: describeOption });
  for (const subcommand of command.commands) routeOutput(subcommand, terminal);
}

/**
 * Collects the problems of all options, where commander stops at the first. A value with a problem is left out, and the
 * command does not run.
 */
function collectProblems(command: CommandUnknownOpts, problems: string[]): void {
  for (const option of command.options) {
    const { parseArg } = option;
    if (parseArg === undefined) continue;
    option.parseArg = (value: string, previous) => {
      try {
        return parseArg(value, previous);
      } catch (error) {
        if (!(error instanceof InvalidArgumentError || error instanceof UsageError)) throw error;
        problems.push(`error: option '${option.flags}' argument '${value}' is invalid. ${error.message}`);
        return previous;
      }
    };
  }
  for (const subcommand of command.commands) collectProblems(subcommand, problems);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const file = "path" in error && typeof error.path === "string" ? `${error.path}: ` : "";
  if (fileSentenceOf(error) !== null) return `An output could not be written: ${file}${messageOf(error)}`;
  return exitCodeOfError(error) === exitCode.defect ? (error.stack ?? error.message) : error.message;
}
