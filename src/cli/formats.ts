import { readFileSync } from "node:fs";
import type { Identity } from "../audit/ports.ts";
import { checks } from "../checks/index.ts";
import { renderAsffFile } from "../formats/asff/asff.ts";
import { renderCsv } from "../formats/csv.ts";
import { renderHtml } from "../formats/html/html.ts";
import { renderJson } from "../formats/json.ts";
import { renderJunit } from "../formats/junit.ts";
import { renderMarkdown } from "../formats/markdown/markdown.ts";
import { renderOcsf } from "../formats/ocsf.ts";
import type { CheckHelp } from "../formats/sarif/log.ts";
import { renderSarif } from "../formats/sarif/sarif.ts";
import { renderText, type TextOptions } from "../formats/text/text.ts";
import { packageFile } from "../package-file.ts";
import type { Report } from "../schemas/report.ts";
import { type FormatChoice as Choice, parseChoice, parseChoices } from "./format-choices.ts";
import { productVersion } from "./version.ts";

/** What the catalogue tells of a check; `null` for one of the policy's own. */
export function helpOf(id: string): CheckHelp | null {
  const check = checks.find((known) => known.id === id);
  if (check === undefined) return null;
  return { failsWhen: check.failsWhen, document: readFileSync(packageFile(check.docs), "utf8") };
}

/** What a report is rendered with besides itself. */
type FormatContext = TextOptions & {
  /** Who audited; `null` where nobody did, as when a snapshot is judged. */
  readonly identity: Identity | null;
};

const renderers = {
  text: renderText,
  json: renderJson,
  markdown: renderMarkdown,
  html: (report) => renderHtml(report),
  csv: renderCsv,
  sarif: (report) => renderSarif(report, { version: productVersion(), helpOf }),
  junit: renderJunit,
  asff: (report, { identity }) => renderAsffFile(report, hubOf(identity)),
  ocsf: (report) => renderOcsf(report, productVersion()),
} as const satisfies Record<string, (report: Report, context: FormatContext) => string>;

function hubOf(identity: Identity | null) {
  return identity === null ? null : { hubAccount: identity.account, hubRegion: identity.region };
}

/** The name of a format that a report can be written in. */
type FormatName = keyof typeof renderers;

/** One `--format NAME[=FILE]`. */
export type FormatChoice = Choice<FormatName>;

/** The names of all formats. */
export const formatNames = Object.keys(renderers).filter(isFormatName);

function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(renderers, name);
}

/** Reads `NAME` or `NAME=FILE`. @throws UsageError */
export function parseFormat(text: string): FormatChoice {
  return parseChoice(text, formatNames);
}

/** The formats as asked for; at most one of them can go to standard output. @throws UsageError */
export function parseFormats(texts: readonly string[]): readonly FormatChoice[] {
  return parseChoices(texts, formatNames, "text");
}

/** The report in one format. */
export function render(report: Report, name: FormatName, context: FormatContext): string {
  return renderers[name](report, context);
}
