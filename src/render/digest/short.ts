import { cutToCharacters } from "../escape/cut.ts";

const LONGEST_TEXT = 300;

/** `text` as a digest for machines has room for it. */
export function short(text: string): string {
  return cutToCharacters(text, LONGEST_TEXT);
}

/** The same of a text that may be missing. */
export function shortOrNull(text: string | null): string | null {
  return text === null ? null : short(text);
}
