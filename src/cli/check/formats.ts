import { renderCheckJson } from "../../formats/check/json.ts";
import { renderCheckJunit } from "../../formats/check/junit.ts";
import { renderCheckMarkdown } from "../../formats/check/markdown.ts";
import { renderCheckSarif } from "../../formats/check/sarif.ts";
import { renderCheckText } from "../../formats/check/text.ts";
import { formats } from "../../formats/index.ts";
import type { TextOptions } from "../../formats/text/text.ts";
import type { CheckReport } from "../../schemas/check-report.ts";
import { severityRank } from "../../schemas/finding.ts";
import { type ExitCode, exitCode, type FailOn } from "../exit-code.ts";
import { helpOf } from "../formats.ts";
import { productVersion } from "../version.ts";

/** The exit code of a completed `check`. With `strict`, an UNKNOWN finding makes the result incomplete. */
export function exitCodeOfCheck(
  { findings }: CheckReport,
  { failOn, strict }: { readonly failOn: FailOn; readonly strict: boolean },
): ExitCode {
  const fails = findings.some(
    ({ status, severity }) =>
      status === "FAIL" && failOn !== "never" && severityRank(severity) <= severityRank(failOn),
  );
  if (fails) return exitCode.failing;
  const isUnknown = findings.some(({ status }) => status === "UNKNOWN");
  return strict && isUnknown ? exitCode.incomplete : exitCode.compliant;
}

/** The formats of a report on code. */
export const checkRenderers = {
  text: renderCheckText,
  json: renderCheckJson,
  markdown: renderCheckMarkdown,
  sarif: (report) => renderCheckSarif(report, { version: productVersion(), helpOf }),
  junit: renderCheckJunit,
} as const satisfies Record<string, (report: CheckReport, options: TextOptions) => string>;

type CheckFormatName = keyof typeof checkRenderers;

/** The suffixes of the files in a format of a report on code: those of the same format of an audit's report. */
export function checkSuffixesOf(name: CheckFormatName): readonly string[] {
  return formats[name].suffixes;
}

/** The names of all formats of a report on code. */
export const checkFormatNames = Object.keys(checkRenderers).filter(isCheckFormatName);

function isCheckFormatName(name: string): name is CheckFormatName {
  return Object.hasOwn(checkRenderers, name);
}
