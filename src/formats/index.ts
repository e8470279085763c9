import type { Report } from "../schemas/report.ts";
import type { CheckHelp } from "./sarif/log.ts";
import type { TextOptions } from "./text/text.ts";

/** What a renderer needs besides the report. */
export type FormatContext = TextOptions & {
  /** The account and region that ran the audit; `null` if there is none, as when a snapshot is evaluated. */
  readonly hub: { readonly account: string; readonly region: string } | null;
  /** The auditor's version, such as `1.2.3`. */
  readonly version: string;
  /** Returns the documentation of a check; `null` for a custom check of the policy. */
  readonly helpOf: (id: string) => CheckHelp | null;
};

/** Renders a report as text. Pure; escapes collected text for the format. */
export type Renderer = (report: Report, context: FormatContext) => string;

/** A report format. */
export type Format = {
  /** Loads the renderer when it is needed. */
  readonly load: () => Promise<Renderer>;
  readonly contentType: string;
  /** The file name extensions, without the dot. */
  readonly suffixes: readonly string[];
  /** The language of the sample in `docs/reports.md`; `null` if the document has none. */
  readonly sample: string | null;
};

/** Every report format, in the order used by the help and the documents. */
export const formats = {
  text: {
    load: async () => (await import("./text/text.ts")).renderText,
    contentType: "text/plain; charset=utf-8",
    suffixes: ["txt"],
    sample: "text",
  },
  json: {
    load: async () => (await import("./json.ts")).renderJson,
    contentType: "application/json",
    suffixes: ["json"],
    sample: null,
  },
  markdown: {
    load: async () => (await import("./markdown/markdown.ts")).renderMarkdown,
    contentType: "text/markdown; charset=utf-8",
    suffixes: ["md"],
    sample: "markdown",
  },
  html: {
    load: async () => {
      const { renderHtml } = await import("./html/html.ts");
      return (report) => renderHtml(report);
    },
    contentType: "text/html; charset=utf-8",
    suffixes: ["html", "htm"],
    sample: null,
  },
  csv: {
    load: async () => (await import("./csv.ts")).renderCsv,
    contentType: "text/csv; charset=utf-8",
    suffixes: ["csv"],
    sample: "text",
  },
  sarif: {
    load: async () => (await import("./sarif/sarif.ts")).renderSarif,
    contentType: "application/sarif+json",
    suffixes: ["sarif"],
    sample: "json",
  },
  junit: {
    load: async () => (await import("./junit.ts")).renderJunit,
    contentType: "application/xml",
    suffixes: ["xml"],
    sample: "xml",
  },
  asff: {
    load: async () => {
      const { renderAsffFile } = await import("./asff/asff.ts");
      return (report, { hub }) =>
        renderAsffFile(report, hub === null ? null : { hubAccount: hub.account, hubRegion: hub.region });
    },
    contentType: "application/json",
    suffixes: [],
    sample: "json",
  },
  ocsf: {
    load: async () => {
      const { renderOcsf } = await import("./ocsf.ts");
      return (report, { version }) => renderOcsf(report, version);
    },
    contentType: "application/json",
    suffixes: [],
    sample: "json",
  },
  "ocsf-1.3": {
    load: async () => {
      const { renderOcsf } = await import("./ocsf.ts");
      return (report, { version }) => renderOcsf(report, version, "1.3.0");
    },
    contentType: "application/json",
    suffixes: [],
    sample: null,
  },
} as const satisfies Readonly<Record<string, Format>>;

/** The name of a report format. */
export type FormatName = keyof typeof formats;

/** Renders a report in one format. */
export async function renderReport(
  report: Report,
  name: FormatName,
  context: FormatContext,
): Promise<string> {
  const render: Renderer = await formats[name].load();
  return render(report, context);
}
