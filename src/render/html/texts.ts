import { cutToCharacters } from "../escape/cut.ts";
import { inlineText } from "../escape/inline.ts";

const LONGEST_TEXT = 2_000;

/**
 * Collected text as it may stand on the page: what steers or hides is made visible, and what is too long is cut.
 * Markup in it is escaped by the renderer.
 */
export function shown(text: string): string {
  return inlineText(cutToCharacters(text, LONGEST_TEXT));
}

/** A text with a capital at its beginning. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
