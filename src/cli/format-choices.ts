import { messageOf } from "../core/errors.ts";
import type { TextOptions } from "../formats/text/text.ts";
import { OutputError, tryOption, tryOutput, writeOutput } from "./output-file.ts";
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
    throw new UsageError(`--format ${text}: unknown format ${given}. Known formats: ${names.join(", ")}`);
  }
  if (rest.length === 0) return { name, file: null };
  const file = rest.join("=");
  if (file === "") throw new UsageError(`--format ${text}: the file name is missing`);
  return { name, file };
}

/** The requested formats. At most one of them can be written to standard output. @throws UsageError */
export function parseChoices<Name extends string>(
  texts: readonly string[],
  names: readonly Name[],
  usual: NoInfer<Name>,
): readonly FormatChoice<Name>[] {
  const choices =
    texts.length === 0 ? [{ name: usual, file: null }] : texts.map((text) => parseChoice(text, names));
  if (choices.filter(({ file }) => file === null).length > 1) {
    throw new UsageError(
      "Only one --format can be written to standard output. Name a file for the others, such as json=report.json",
    );
  }
  return choices;
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
  render: (name: Name, look: TextOptions) => string | Promise<string>,
): Promise<void> {
  const { output } = terminal;
  const failures: string[] = [];
  for (const { name, file } of choices) {
    if (file === null) {
      output.write(await render(name, { color: isColored(output, terminal, color), width: widthOf(output) }));
      continue;
    }
    const text = await render(name, { color: false, width: widthOf({ write: output.write }) });
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
