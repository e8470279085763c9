import { extname, resolve } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { pathProblem } from "../app/location.ts";
import { messageOf } from "../core/errors.ts";
import type { TextOptions } from "../formats/text/text.ts";
import { OutputError, tryOption, tryOutput, writeOutput } from "./output-file.ts";
import { outputPath } from "./shared-options.ts";
import { isColored, type Terminal, UsageError, widthOf } from "./terminal.ts";

/** One `--format NAME[=FILE]`. */
export type FormatChoice<Name extends string> = {
  readonly name: Name;
  /** `null` for standard output. */
  readonly file: string | null;
};

/** Reads `NAME` or `NAME=FILE`, the name one of `names`. @throws UsageError */
export function parseChoice<Name extends string>(text: string, names: readonly Name[]): FormatChoice<Name> {
  const [given = "", ...rest] = text.split("=");
  const name = names.find((known) => known === given);
  if (name === undefined) {
    throw new UsageError(`Unknown format ${given}. Known formats: ${names.join(", ")}`);
  }
  if (rest.length === 0) return { name, file: null };
  const file = rest.join("=");
  if (file === "") throw new UsageError(`--format ${text}: the file name is missing`);
  const problem = pathProblem(file);
  if (problem !== null) throw new UsageError(`--format ${text}: the file ${problem}`);
  return { name, file };
}

/** What the options `--format` and `--output` were given. */
export type GivenFormats = { readonly format: readonly string[]; readonly output: readonly string[] };

/** Names a format, and possibly its file. @param usual the help about what is written without the option */
export function formatOption(names: readonly string[], usual: string) {
  return new Option("-f, --format <name[=file]>", `${names.join(", ")}; ${usual}`)
    .argParser((text: string, previous: readonly string[]) => {
      parseChoice(text, names);
      return [...previous, text];
    })
    .default<readonly string[]>([]);
}

/** Writes the output to a file, in the format of the file's suffix. */
export function outputOption() {
  return new Option("-o, --output <file>", "write to this file, in the format of its suffix; repeatable")
    .argParser((file: string, previous: readonly string[]) => [...previous, outputPath(file)])
    .default<readonly string[]>([]);
}

/**
 * The requested formats. At most one of them can be written to standard output, and to each file.
 *
 * @param suffixesOf the suffixes of the files that are in a format, without the dot
 * @throws UsageError
 */
export function parseChoices<Name extends string>(
  { format, output }: GivenFormats,
  names: readonly Name[],
  usual: NoInfer<Name>,
  suffixesOf: (name: Name) => readonly string[],
): readonly FormatChoice<Name>[] {
  const asked = format.map((text) => parseChoice(text, names));
  const choices = withOutputs(asked, output, names, suffixesOf);
  if (choices.length === 0) return [{ name: usual, file: null }];
  if (choices.filter(({ file }) => file === null).length > 1) {
    throw new UsageError(
      "Only one --format can be written to standard output. Name a file for the others, such as json=report.json",
    );
  }
  const files = choices.flatMap(({ file }) => (file === null ? [] : [resolve(file)]));
  const twice = files.find((file, index) => files.indexOf(file) < index);
  if (twice !== undefined)
    throw new UsageError(`Two outputs name the same file, ${twice}. Name another file`);
  return choices;
}

/**
 * Adds the files of `--output`. One format without a file and one file belong together, as for other scanners, unless the
 * file's suffix says another format.
 */
function withOutputs<Name extends string>(
  asked: readonly FormatChoice<Name>[],
  outputs: readonly string[],
  names: readonly Name[],
  suffixesOf: (name: Name) => readonly string[],
): readonly FormatChoice<Name>[] {
  const bySuffix = (file: string): Name | undefined => {
    const suffix = extname(file).slice(1).toLowerCase();
    return names.find((name) => suffixesOf(name).includes(suffix));
  };
  const [bare, ...others] = asked.filter(({ file }) => file === null);
  const [output, ...more] = outputs;
  if (bare !== undefined && output !== undefined && others.length + more.length === 0) {
    const meant = bySuffix(output);
    const isOfFormat = meant === undefined || meant === bare.name || suffixesOf(bare.name).length === 0;
    if (isOfFormat) {
      return asked.map((choice) => (choice === bare ? { ...choice, file: output } : choice));
    }
    throw new UsageError(
      `--format ${bare.name} --output ${output}: the file's suffix is that of ${meant}. Use --format ${bare.name}=${output}, or --format ${bare.name} --format ${meant}=${output}`,
    );
  }
  const files = outputs.map((file) => {
    const name = bySuffix(file);
    if (name !== undefined) return { name, file };
    const known = names.flatMap(suffixesOf).map((suffix) => `.${suffix}`);
    throw new UsageError(
      `--output ${file}: the suffix names no format. Use one of ${known.join(", ")}, or --format NAME=${file}`,
    );
  });
  return [...asked, ...files];
}

/**
 * Checks that the files can be written before any work is done.
 *
 * @throws UsageError if one cannot be written
 */
export async function tryChoices(choices: readonly FormatChoice<string>[]): Promise<void> {
  for (const { name, file } of choices) {
    if (file === null || file === "/dev/stdout") continue;
    await tryOption(`--format ${name}=${file}`, tryOutput(file));
  }
}

/**
 * Renders each format and writes it to its file or to standard output.
 *
 * @param color whether to use colours on a terminal
 * @throws OutputError if a file cannot be written, after all the others were written
 */
export async function writeChoices<Name extends string>(
  choices: readonly FormatChoice<Name>[],
  color: boolean,
  terminal: Terminal,
  render: (name: Name, look: TextOptions, file: string | null) => string | Promise<string>,
): Promise<void> {
  const { output } = terminal;
  const failures: string[] = [];
  for (const { name, file } of choices) {
    if (file === null) {
      const look = { color: isColored(output, terminal, color), width: widthOf(output) };
      output.write(await render(name, look, file));
      continue;
    }
    const text = await render(name, { color: false, width: widthOf({ write: output.write }) }, file);
    if (file === "/dev/stdout") {
      // Standard output may be a socket, which cannot be opened by its name.
      output.write(text);
      continue;
    }
    try {
      await writeOutput(file, text);
    } catch (error) {
      failures.push(`--format ${name}=${file}: ${messageOf(error)}`);
    }
  }
  if (failures.length > 0) throw new OutputError(failures.join("\n"));
}
