import { cutMarkdown, markdownText } from "./markdown.ts";

// `arn:aws:secretsmanager:us-east-1:…:secret:…` would show the emoji `:secret:` in its middle.
const emojiLike = /:[^\s:]+:/;

/** A word without the punctuation around it; the semicolon of an entity belongs to the word. */
const wordWithin = /(?<=^|[("'])[^("'].*?(?=(?:[)"',.]|(?<!&[a-z]+);)*$)/;

/**
 * Collected text as it may stand within a line of a Slack message (mrkdwn): it formats nothing, mentions
 * nobody and links nowhere. Words in which Slack would look for an emoji, ARNs above all, are set as code.
 *
 * Source: Slack developer documentation, "Formatting message text", November 2026.
 */
export function slackText(text: string): string {
  return markdownText(text).split(" ").map(codeIfEmojiLike).join(" ");
}

function codeIfEmojiLike(word: string): string {
  return emojiLike.test(word) ? word.replace(wordWithin, "`$&`") : word;
}

/** Already escaped text in at most `bytes` bytes (at least 4); code that is cut is closed again. */
export function cutSlack(text: string, bytes: number): string {
  const cut = cutMarkdown(text, bytes - 1);
  return cut.split("`").length % 2 === 0 ? `${cut}\`` : cut;
}
