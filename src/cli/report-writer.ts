import type { Identity } from "../audit/ports.ts";
import type { Report } from "../schemas/report.ts";
import { writeChoices } from "./format-choices.ts";
import { type FormatChoice, render } from "./formats.ts";
import type { Terminal } from "./terminal.ts";

/** How a report is written. */
export type Writing = {
  readonly formats: readonly FormatChoice[];
  /** Whether colours are wanted, where there can be any. */
  readonly color: boolean;
  /** Who audited; `null` where nobody did. */
  readonly identity: Identity | null;
};

/** Writes a report in every format that was asked for. @throws OutputError when a file can not be written */
export async function writeReport(
  report: Report,
  { formats, color, identity }: Writing,
  terminal: Terminal,
): Promise<void> {
  await writeChoices(formats, color, terminal, (name, look) => render(report, name, { ...look, identity }));
}
