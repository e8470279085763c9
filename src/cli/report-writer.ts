import { writeFile } from "node:fs/promises";
import type { Identity } from "../audit/ports.ts";
import { messageOf } from "../aws/errors.ts";
import type { Report } from "../model/report.ts";
import { type FormatChoice, render } from "./formats.ts";
import { isColored, type Terminal, widthOf } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** How a report is written. */
export type Writing = {
  readonly formats: readonly FormatChoice[];
  /** Whether colours are wanted, where there can be any. */
  readonly color: boolean;
  /** Who audited; `null` where nobody did. */
  readonly identity: Identity | null;
};

/** Writes a report in every format that was asked for. @throws UsageError when a file can not be written */
export async function writeReport(report: Report, writing: Writing, terminal: Terminal): Promise<void> {
  for (const format of writing.formats) await write(report, format, writing, terminal);
}

async function write(
  report: Report,
  format: FormatChoice,
  { color, identity }: Writing,
  terminal: Terminal,
): Promise<void> {
  const { output } = terminal;
  if (format.file === null) {
    const look = { color: isColored(output, terminal, color), width: widthOf(output) };
    output.write(render(report, format.name, { ...look, identity }));
    return;
  }
  try {
    await writeFile(
      format.file,
      render(report, format.name, { color: false, width: widthOf({ write: output.write }), identity }),
    );
  } catch (error) {
    throw new UsageError(`--format ${format.name}=${format.file}: ${messageOf(error)}`);
  }
}
