import type { Identity } from "../audit/ports.ts";
import type { Report } from "../model/report.ts";
import { renderAsffFile } from "../render/asff.ts";
import { renderCsv } from "../render/csv.ts";
import { renderHtml } from "../render/html.ts";
import { renderJson } from "../render/json.ts";
import { renderJunit } from "../render/junit.ts";
import { renderMarkdown } from "../render/markdown.ts";
import { renderOcsf } from "../render/ocsf.ts";
import { renderSarif } from "../render/sarif.ts";
import { renderText, type TextOptions } from "../render/text.ts";
import { helpOf } from "./check-help.ts";
import { type FormatChoice as Choice, parseChoice, parseChoices } from "./format-choices.ts";
import { productVersion } from "./version.ts";

/** What a report is rendered with besides itself. */
export type FormatContext = TextOptions & {
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
export type FormatName = keyof typeof renderers;

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
