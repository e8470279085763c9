import picocolors from "picocolors";
import type { Severity } from "../schemas/finding.ts";
import { padTo, wrap } from "./layout.ts";

/** What a text is set on: its width in columns, and the colours, which may paint nothing. */
export type Page = { readonly width: number; readonly paint: ReturnType<typeof picocolors.createColors> };

/** Lines that belong together, and how many of the section's things (findings, gaps, …) they tell of. */
export type Paragraph = { readonly lines: readonly string[]; readonly count: number };

/** A part of the report with a heading. */
export type Section = {
  readonly heading: string;
  readonly paragraphs: readonly Paragraph[];
  /** What `count` counts, in the singular. */
  readonly unit: string;
};

// Narrower lines break nearly every word, wider ones are hard to read.
const NARROWEST = 40;
const WIDEST = 120;

/** A page of `width` columns (kept between 40 and 120), in colour or without. */
export function pageOf(width: number, color: boolean): Page {
  const columns = Number.isFinite(width) ? Math.trunc(width) : WIDEST;
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, columns)),
    paint: picocolors.createColors(color),
  };
}

/** A paragraph of running text, its lines indented by `indent` spaces. */
export function prose(text: string, indent: number, page: Page): string[] {
  const margin = " ".repeat(indent);
  return wrap(text, { width: page.width, first: margin, rest: margin });
}

/** A text behind its label, as in `  label  text`, its further lines under the text's beginning. */
export function labelled(label: string, text: string, column: number, page: Page): string[] {
  return wrap(text, { width: page.width, first: padTo(label, column), rest: " ".repeat(column) });
}

/** A section as text: its heading, then its paragraphs, an empty line before each. */
export function sectionText({ heading, paragraphs }: Section, page: Page): string {
  const title = prose(heading, 0, page).map(page.paint.bold).join("\n");
  return [title, ...paragraphs.map(({ lines }) => lines.join("\n"))].join("\n\n");
}

/** A title behind its severity, which is in its colour; the word tells it without. */
export function severityTitle(severity: Severity, title: string, { width, paint }: Page): string[] {
  const label = `${severity.toUpperCase()}  `;
  const lines = wrap(title, { width: width - label.length, first: "", rest: "" }).map(paint.bold);
  return lines.map(
    (line, index) => (index === 0 ? severityPaint(severity, paint)(label) : padTo("", label.length)) + line,
  );
}

/** What paints a severity in its colour. */
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
