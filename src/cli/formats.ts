import { readFileSync } from "node:fs";
import type { Identity } from "../audit/ports.ts";
import { checks } from "../checks/index.ts";
import { keysOf } from "../core/records.ts";
import { type FormatName, formats, renderReport } from "../formats/index.ts";
import type { CheckHelp } from "../formats/sarif/log.ts";
import type { TextOptions } from "../formats/text/text.ts";
import { packageFile } from "../package-file.ts";
import type { Report } from "../schemas/report.ts";
import {
  type FormatChoice as Choice,
  type GivenFormats,
  parseChoice,
  parseChoices,
} from "./format-choices.ts";
import { productVersion } from "./version.ts";

/** The help text of a built-in check; `null` for a check that the policy defines. */
export function helpOf(id: string): CheckHelp | null {
  const check = checks.find((known) => known.id === id);
  if (check === undefined) return null;
  return { failsWhen: check.failsWhen, document: readFileSync(packageFile(check.docs), "utf8") };
}

/** One `--format NAME[=FILE]`. */
export type FormatChoice = Choice<FormatName>;

/** The names of all formats. */
export const formatNames = keysOf(formats);

/** Reads `NAME` or `NAME=FILE`. @throws UsageError */
export function parseFormat(text: string): FormatChoice {
  return parseChoice(text, formatNames);
}

/** What `--format` and `--output` ask for. At most one can be written to standard output. @throws UsageError */
export function parseFormats(given: GivenFormats): readonly FormatChoice[] {
  return parseChoices(given, formatNames, "text", (name) => formats[name].suffixes);
}

/** Renders the report in one format. @param identity the AWS identity of the audit; `null` if none was used */
export function render(
  report: Report,
  name: FormatName,
  { identity, ...look }: TextOptions & { readonly identity: Identity | null },
): Promise<string> {
  return renderReport(report, name, { ...look, hub: identity, version: productVersion(), helpOf });
}
