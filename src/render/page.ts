import picocolors from "picocolors";
import type { Severity } from "../schemas/finding.ts";
import { padTo, wrap } from "./layout.ts";

/** The page that a text is laid out for: its width in columns, and its colours, which may be switched off. */
export type Page = { readonly width: number; readonly paint: ReturnType<typeof picocolors.createColors> };

/** Lines that belong together, and how many items of the section (findings, gaps, …) they cover. */
export type Paragraph = { readonly lines: readonly string[]; readonly count: number };

/** A section of the report with a heading. */
export type Section = {
  readonly heading: string;
  readonly paragraphs: readonly Paragraph[];
  /** The noun for what `count` counts, in the singular. */
  readonly unit: string;
};

// Narrower lines break at nearly every word; wider ones are hard to read.
const NARROWEST = 40;
const WIDEST = 120;

/** Returns a page of `width` columns (limited to 40 to 120), with or without colour. */
export function pageOf(width: number, color: boolean): Page {
  const columns = Number.isFinite(width) ? Math.trunc(width) : WIDEST;
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, columns)),
    paint: picocolors.createColors(color),
  };
}

/** Lays out a paragraph of running text, indented by `indent` spaces. */
export function prose(text: string, indent: number, page: Page): string[] {
  const margin = " ".repeat(indent);
  return wrap(text, { width: page.width, first: margin, rest: margin });
}

/** Lays out a text after its label, as in `  label  text`, with a hanging indent. */
export function labelled(label: string, text: string, column: number, page: Page): string[] {
  return wrap(text, { width: page.width, first: padTo(label, column), rest: " ".repeat(column) });
}

/** Renders a section: its heading, then its paragraphs, each after an empty line. */
export function sectionText({ heading, paragraphs }: Section, page: Page): string {
  const title = prose(heading, 0, page).map(page.paint.bold).join("\n");
  return [title, ...paragraphs.map(({ lines }) => lines.join("\n"))].join("\n\n");
}

/** Renders a title after its severity. The severity is coloured and also written as a word. */
export function severityTitle(severity: Severity, title: string, { width, paint }: Page): string[] {
  const label = `${severity.toUpperCase()}  `;
  const lines = wrap(title, { width: width - label.length, first: "", rest: "" }).map(paint.bold);
  return lines.map(
    (line, index) => (index === 0 ? severityPaint(severity, paint)(label) : padTo("", label.length)) + line,
  );
}

/** Returns the function that paints a text in the colour of a severity. */
export function severityPaint(severity: Severity, paint: Page["paint"]): (text: string) => string {
  switch (severity) {
    case "critical":
    case "high":
      return paint.red;
    case "medium":
      return paint.yellow;
    case "low":
      return paint.cyan;
    case "informational":
      return paint.dim;
  }
}
