import type { Report } from "../model/report.ts";
import { renderJson } from "../render/json.ts";
import { renderText } from "../render/text.ts";
import { UsageError } from "./usage-error.ts";

/** How a text report looks. */
export type Look = { readonly color: boolean; readonly width: number };

const renderers = {
  text: renderText,
  json: renderJson,
} as const satisfies Record<string, (report: Report, look: Look) => string>;

/** The name of a format that a report can be written in. */
export type FormatName = keyof typeof renderers;

/** One `--format NAME[=FILE]`. */
export type FormatChoice = {
  readonly name: FormatName;
  /** `null` for standard output. */
  readonly file: string | null;
};

/** The names of all formats. */
export const formatNames = Object.keys(renderers).filter(isFormatName);

function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(renderers, name);
}

/** Reads `NAME` or `NAME=FILE`. @throws UsageError */
export function parseFormat(text: string): FormatChoice {
  const [name = "", ...rest] = text.split("=");
  if (!isFormatName(name)) {
    throw new UsageError(`--format ${text}: there is no format ${name}; there are ${formatNames.join(", ")}`);
  }
  if (rest.length === 0) return { name, file: null };
  const file = rest.join("=");
  if (file === "") throw new UsageError(`--format ${text}: the file's name is missing`);
  return { name, file };
}

/** The formats as asked for; at most one of them can go to standard output. @throws UsageError */
export function parseFormats(texts: readonly string[]): readonly FormatChoice[] {
  const choices = texts.length === 0 ? [parseFormat("text")] : texts.map(parseFormat);
  if (choices.filter(({ file }) => file === null).length > 1) {
    throw new UsageError(
      "Only one --format can go to standard output: name a file for the others, as json=report.json",
    );
  }
  return choices;
}

/** The report in one format. */
export function render(report: Report, name: FormatName, look: Look): string {
  return renderers[name](report, look);
}
