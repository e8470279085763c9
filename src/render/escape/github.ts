import { inlineText } from "./inline.ts";

/** What Markdown shows unchanged: letters, digits, and punctuation without a meaning inside a line. */
const literal = /^[\p{L}\p{M}\p{N}.,;:'"()/%+=!?–—…-]*$/u;

/** What GitHub turns into a link or an emoji although it contains no markup. */
const changed = /:\/\/|^www\.|^GH-\d|:[^\s:]+:/iu;

/** A word and the punctuation after it. */
const wordParts = /^(?<core>.*?)(?<end>[.,;]*)$/u;

/**
 * Escapes collected text for a line of a comment or a job summary on GitHub. The result has no formatting, mentions
 * no one, refers to no issue and contains no links. Words that GitHub would change are set as code, which GitHub
 * leaves unchanged, so they can be copied.
 *
 * Source: GitHub Flavored Markdown Spec 0.29, and "Basic writing and formatting syntax", read November 2026.
 */
export function githubText(text: string): string {
  return inlineText(text).split(" ").map(word).join(" ");
}

/** Returns collected text as inline code, which is how names are shown. */
export function githubCode(text: string): string {
  const line = inlineText(text);
  if (line === "") return "";
  const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longestRun + 1);
  const padding = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Returns commands as a block of code, one line each. */
export function githubCodeBlock(commands: readonly string[]): string {
  const lines = commands.map(inlineText);
  const longestRun = Math.max(
    2,
    ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)),
  );
  const fence = "`".repeat(longestRun + 1);
  return [`${fence}sh`, ...lines, fence].join("\n");
}

/**
 * Makes escaped text safe for a table cell, which ends at a vertical bar even inside code (GFM, section 4.10). A bar
 * after a backslash cannot be escaped; it is replaced with a character that looks the same.
 */
export function githubCell(markdown: string): string {
  return markdown.replace(/\\?\|/g, (bar) => (bar === "|" ? "\\|" : "\\\u2223"));
}

function word(text: string): string {
  if (literal.test(text) && !changed.test(text)) return text;
  const { core = "", end = "" } = wordParts.exec(text)?.groups ?? {};
  return `${githubCode(core)}${end}`;
}
