import { grouped } from "../words.ts";
import { inlineText } from "./inline.ts";

const LONGEST_LINE = 2_000;

/** Returns collected text as one printable line for tools, cut if it is very long. */
export function briefLine(text: string): string {
  return inlineText(cutToCharacters(text, LONGEST_LINE));
}

/** Returns the first items whose sizes, as given by `sizeOf`, add up to at most `bytes`. */
export function fitting<Item>(
  items: readonly Item[],
  bytes: number,
  sizeOf: (item: Item) => number,
): readonly Item[] {
  let left = bytes;
  const end = items.findIndex((item) => {
    left -= sizeOf(item);
    return left < 0;
  });
  return end === -1 ? items : items.slice(0, end);
}

/**
 * Returns `text`, or its first `limit` characters (code points) followed by how many were cut:
 * `… (99,500 more characters)`.
 */
export function cutToCharacters(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let [characters, end] = [0, 0];
  // Counts in place: building an array of the characters of a long text takes many times as long.
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
    if (characters === limit) end = at;
    characters += 1;
  }
  const missing = characters - limit;
  if (missing <= 0) return text;
  const noun = missing === 1 ? "character" : "characters";
  return `${text.slice(0, end)}… (${grouped(missing)} more ${noun})`;
}

/**
 * Returns `text`, or as many of its first clauses as fit into `limit` characters, followed by `…`. A command must
 * not be cut in the middle, because what is left would do something else. A single clause that is too long is cut
 * nevertheless.
 */
export function cutToClause(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = Math.max(text.lastIndexOf(". ", limit - 1), text.lastIndexOf("; ", limit - 1));
  return end === -1 ? cutToCharacters(text, limit) : `${text.slice(0, end + 1)} …`;
}
