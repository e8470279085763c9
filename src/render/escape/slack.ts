import { inlineText } from "./inline.ts";
import { cutMarkdown, markdownText, ownMarkdown } from "./markdown.ts";

// `arn:aws:secretsmanager:us-east-1:…:secret:…` would show the emoji `:secret:` in its middle.
const emojiLike = /:[^\s:]+:/;

/** A word, and the punctuation behind it. */
const wordParts = /^(?<core>.*?)(?<end>[.,;]*)$/;

/**
 * Collected text as it may stand within a line of a Slack message (mrkdwn): it formats nothing, mentions
 * nobody and links nowhere. Words that Slack would change, patterns, addresses and ARNs above all, are set as
 * code, so that they can be copied as they are.
 *
 * Source: Slack developer documentation, "Formatting message text", November 2026.
 */
export function slackText(text: string): string {
  return inlineText(text).split(" ").map(slackWord).join(" ");
}

function slackWord(word: string): string {
  const literal = ownMarkdown(word);
  if (markdownText(word) === literal && !emojiLike.test(word)) return literal;
  const { core = "", end = "" } = wordParts.exec(word)?.groups ?? {};
  return `\`${ownMarkdown(core).replaceAll("`", "'")}\`${end}`;
}

/** Already escaped text in at most `bytes` bytes (at least 4); code that is cut is closed again. */
export function cutSlack(text: string, bytes: number): string {
  const cut = cutMarkdown(text, bytes - 1);
  return cut.split("`").length % 2 === 0 ? `${cut}\`` : cut;
}
