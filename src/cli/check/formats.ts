import type { CheckReport } from "../../model/check-report.ts";
import { renderCheckJson } from "../../render/check/json.ts";
import { renderCheckJunit } from "../../render/check/junit.ts";
import { renderCheckMarkdown } from "../../render/check/markdown.ts";
import { renderCheckSarif } from "../../render/check/sarif.ts";
import { renderCheckText } from "../../render/check/text.ts";
import type { TextOptions } from "../../render/text.ts";
import { helpOf } from "../check-help.ts";
import { productVersion } from "../version.ts";

/** The formats of a report on code. */
export const checkRenderers = {
  text: renderCheckText,
  json: renderCheckJson,
  markdown: renderCheckMarkdown,
  sarif: (report) => renderCheckSarif(report, { version: productVersion(), helpOf }),
  junit: renderCheckJunit,
} as const satisfies Record<string, (report: CheckReport, options: TextOptions) => string>;

type CheckFormatName = keyof typeof checkRenderers;

/** The names of all formats of a report on code. */
export const checkFormatNames = Object.keys(checkRenderers).filter(isCheckFormatName);

function isCheckFormatName(name: string): name is CheckFormatName {
  return Object.hasOwn(checkRenderers, name);
}
