import { inlineText } from "./inline.ts";

/** What stands in Markdown for itself: letters, digits, and the punctuation that means nothing within a line. */
const literal = /^[\p{L}\p{M}\p{N}.,;:'"()/%+=!?–—…-]*$/u;

/** What GitHub would make a link or a picture of, though it has no mark of its own. */
const changed = /:\/\/|^www\.|^GH-\d|:[^\s:]+:/iu;

/** A word, and the punctuation behind it. */
const wordParts = /^(?<core>.*?)(?<end>[.,;]*)$/u;

/**
 * Collected text as it may stand within a line of a comment or a job summary on GitHub: it formats nothing, mentions
 * nobody, refers to no issue and links nowhere. Words that GitHub would change are set as code, in which it changes
 * nothing, so that they can be copied as they are.
 *
 * Source: GitHub Flavored Markdown Spec 0.29, and "Basic writing and formatting syntax", read November 2026.
 */
export function githubText(text: string): string {
  return inlineText(text).split(" ").map(word).join(" ");
}

/** Collected text as code, as names are set. */
export function githubCode(text: string): string {
  const line = inlineText(text);
  if (line === "") return "";
  const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longestRun + 1);
  const padding = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/**
 * Already escaped text as it may stand in the cell of a table, which ends at a bar even within code (GFM, section
 * 4.10). Behind a backslash no bar can be written; there it becomes one that looks alike.
 */
export function githubCell(markdown: string): string {
  return markdown.replace(/\\?\|/g, (bar) => (bar === "|" ? "\\|" : "\\\u2223"));
}

function word(text: string): string {
  if (literal.test(text) && !changed.test(text)) return text;
  const { core = "", end = "" } = wordParts.exec(text)?.groups ?? {};
  return `${githubCode(core)}${end}`;
}
