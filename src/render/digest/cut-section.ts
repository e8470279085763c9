import { byteLength } from "../escape/cut.ts";
import { safeJson } from "../escape/json.ts";
import { fitting } from "../fitting.ts";
import { type Page, type Paragraph, type Section, sectionText } from "../page.ts";
import { counted } from "../words.ts";

/**
 * A section as text, of which the paragraphs take at most `bytes` bytes as they stand in JSON. What was cut
 * is counted at the end.
 */
export function cutSection(section: Section, bytes: number, page: Page): string {
  const paragraphs = fittingParagraphs(section.paragraphs, bytes);
  const text = sectionText({ ...section, paragraphs }, page);
  const missing = countOf(section.paragraphs) - countOf(paragraphs);
  if (missing === 0) return text;
  return `${text}\n\n  and ${counted(missing, `more ${section.unit}`)} that did not fit here`;
}

function fittingParagraphs(paragraphs: readonly Paragraph[], bytes: number): readonly Paragraph[] {
  const whole = fitting(paragraphs, bytes, ({ lines }) => sizeWithinJson(lines.join("\n\n")));
  const [first] = paragraphs;
  // The worst problem is told in part rather than not at all.
  return whole.length === 0 && first !== undefined ? [beginningOf(first, bytes)] : whole;
}

function beginningOf({ lines, count }: Paragraph, bytes: number): Paragraph {
  const kept = fitting(lines, bytes, sizeWithinJson);
  return { lines: [...kept, "  (cut here: too long for this message)"], count };
}

function countOf(paragraphs: readonly Paragraph[]): number {
  return paragraphs.reduce((sum, { count }) => sum + count, 0);
}

function sizeWithinJson(text: string): number {
  return byteLength(safeJson(text));
}
