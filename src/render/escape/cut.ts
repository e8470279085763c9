import { grouped } from "../words.ts";
import { inlineText } from "./inline.ts";

const LONGEST_LINE = 2_000;

/** Collected text as one line of an entry for tools: printable, and cut where it goes on for pages. */
export function briefLine(text: string): string {
  return inlineText(cutToCharacters(text, LONGEST_LINE));
}

/** The first of `items` that together take at most `bytes` bytes, each as large as `sizeOf` says. */
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
 * `text`, or its first `limit` characters (code points) and how many are missing, as in
 * `… (99,500 more characters)`.
 */
export function cutToCharacters(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let [characters, end] = [0, 0];
  // Counted in place: of a long text an array of its characters takes many times as long to make.
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
 * `text`, or as many of its first clauses as fit into `limit` characters, with `…` for the rest: a command
 * that is cut in its middle would do something else. A clause that is too long alone is cut all the same.
 */
export function cutToClause(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = Math.max(text.lastIndexOf(". ", limit - 1), text.lastIndexOf("; ", limit - 1));
  return end === -1 ? cutToCharacters(text, limit) : `${text.slice(0, end + 1)} …`;
}
