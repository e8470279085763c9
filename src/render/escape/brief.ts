import { cutToCharacters } from "./cut.ts";
import { inlineText } from "./inline.ts";

const LONGEST_LINE = 2_000;

/** Collected text as one line of an entry for tools: printable, and cut where it goes on for pages. */
export function briefLine(text: string): string {
  return inlineText(cutToCharacters(text, LONGEST_LINE));
}
