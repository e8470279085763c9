import { byteLength, cutToBytes } from "../../core/bytes.ts";
import { inlineText } from "./inline.ts";

const entities: readonly Replacement[] = [
  [/&/g, "&amp;"],
  [/</g, "&lt;"],
  [/>/g, "&gt;"],
];

// Slack's markup has no backslash escapes: its control characters are replaced with characters that look the same.
const lookalikes: readonly Replacement[] = [
  [/`/g, "'"],
  [/\*/g, "\u2217"],
  [/~/g, "\u223c"],
  // An underscore inside a word has no meaning in Slack or CommonMark: it stays, so names can be copied.
  [/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\uff3f"],
  [/(?<![\p{L}\p{N}])@(?=[\p{L}\p{N}])/gu, "\uff20"],
  [/:\/\//g, "[:]//"],
  [/\]\(/g, "] ("],
];

type Replacement = readonly [what: RegExp, by: string];

/**
 * Escapes collected text for a line of an Amazon Q Developer notification (`client-markdown`: Slack's mrkdwn, or
 * Microsoft Teams' Markdown). The result shows the text without formatting, mentions (`<!channel>`, `@here`) or
 * links.
 *
 * Source: Slack developer documentation, "Formatting text for app surfaces", November 2026.
 */
export function markdownText(text: string): string {
  return replaced(inlineText(text), [...entities, ...lookalikes]);
}

/** Escapes the auditor's own text for such a notification; URLs in it stay links. */
export function ownMarkdown(text: string): string {
  return replaced(inlineText(text), entities);
}

/** Cuts escaped `markdown` to at most `bytes` bytes (at least 3). A cut text ends with `…`; no entity is split. */
export function cutMarkdown(markdown: string, bytes: number): string {
  if (byteLength(markdown) <= bytes) return markdown;
  const ellipsis = "\u2026";
  const cut = cutToBytes(markdown, bytes - byteLength(ellipsis));
  return cut.replace(/&[a-z]*$/, "") + ellipsis;
}

function replaced(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((rest, [what, by]) => rest.replace(what, by), text);
}
