import { byteLength, cutToBytes } from "../../core/bytes.ts";
import { inlineText } from "./inline.ts";

const entities: readonly Replacement[] = [
  [/&/g, "&amp;"],
  [/</g, "&lt;"],
  [/>/g, "&gt;"],
];

// Slack's markup knows no backslash: what it would obey is replaced by a character that looks alike.
const lookalikes: readonly Replacement[] = [
  [/`/g, "'"],
  [/\*/g, "\u2217"],
  [/~/g, "\u223c"],
  // Within a word an underscore is only an underscore, in Slack and in CommonMark: names stay copyable.
  [/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\uff3f"],
  [/(?<![\p{L}\p{N}])@(?=[\p{L}\p{N}])/gu, "\uff20"],
  [/:\/\//g, "[:]//"],
  [/\]\(/g, "] ("],
];

type Replacement = readonly [what: RegExp, by: string];

/**
 * Collected text as it may stand within a line of an Amazon Q Developer notification (`client-markdown`:
 * Slack's mrkdwn, or Microsoft Teams' Markdown). It shows what was collected, but formats nothing, mentions
 * nobody (`<!channel>`, `@here`) and links nowhere.
 *
 * Source: Slack developer documentation, "Formatting text for app surfaces", November 2026.
 */
export function markdownText(text: string): string {
  return replaced(inlineText(text), [...entities, ...lookalikes]);
}

/** Text of our own as it may stand in such a notification: an address in it stays an address. */
export function ownMarkdown(text: string): string {
  return replaced(inlineText(text), entities);
}

/** Already escaped `markdown` in at most `bytes` bytes (at least 3); where it is cut it ends in `…`, and splits no entity. */
export function cutMarkdown(markdown: string, bytes: number): string {
  if (byteLength(markdown) <= bytes) return markdown;
  const ellipsis = "\u2026";
  const cut = cutToBytes(markdown, bytes - byteLength(ellipsis));
  return cut.replace(/&[a-z]*$/, "") + ellipsis;
}

function replaced(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((rest, [what, by]) => rest.replace(what, by), text);
}
