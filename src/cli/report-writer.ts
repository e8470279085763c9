import type { Identity } from "../audit/ports.ts";
import type { Report } from "../schemas/report.ts";
import { writeChoices } from "./format-choices.ts";
import { type FormatChoice, render } from "./formats.ts";
import type { Terminal } from "./terminal.ts";

/** How a report is written. */
export type Writing = {
  readonly formats: readonly FormatChoice[];
  /** Whether to use colours on a terminal. */
  readonly color: boolean;
  /** The AWS identity of the audit; `null` if none was used. */
  readonly identity: Identity | null;
};

/** Writes a report in every requested format. @throws OutputError if a file cannot be written */
export async function writeReport(
  report: Report,
  { formats, color, identity }: Writing,
  terminal: Terminal,
): Promise<void> {
  await writeChoices(formats, color, terminal, (name, look) => render(report, name, { ...look, identity }));
}
