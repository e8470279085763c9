import { writeFile } from "node:fs/promises";
import { messageOf } from "../aws/errors.ts";
import type { Report } from "../model/report.ts";
import { type FormatChoice, render } from "./formats.ts";
import { isColored, type Terminal, widthOf } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Writes a report in every format that was asked for. @throws UsageError when a file can not be written */
export async function writeReport(
  report: Report,
  formats: readonly FormatChoice[],
  color: boolean,
  terminal: Terminal,
): Promise<void> {
  for (const format of formats) await write(report, format, color, terminal);
}

async function write(
  report: Report,
  format: FormatChoice,
  color: boolean,
  terminal: Terminal,
): Promise<void> {
  const { output } = terminal;
  if (format.file === null) {
    const look = { color: isColored(output, terminal, color), width: widthOf(output) };
    output.write(render(report, format.name, look));
    return;
  }
  try {
    await writeFile(
      format.file,
      render(report, format.name, { color: false, width: widthOf({ write: output.write }) }),
    );
  } catch (error) {
    throw new UsageError(`--format ${format.name}=${format.file}: ${messageOf(error)}`);
  }
}
