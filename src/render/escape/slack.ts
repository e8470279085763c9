import { inlineText } from "./inline.ts";
import { cutMarkdown, markdownText, ownMarkdown } from "./markdown.ts";

// `arn:aws:secretsmanager:us-east-1:…:secret:…` would contain the emoji `:secret:`.
const emojiLike = /:[^\s:]+:/;

/** A word and the punctuation after it. */
const wordParts = /^(?<core>.*?)(?<end>[.,;]*)$/;

/**
 * Escapes collected text for a line of a Slack message (mrkdwn). The result has no formatting, mentions or links.
 * Words that Slack would change, mostly patterns, URLs and ARNs, are set as code, so they can be copied.
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

/** Returns a command as a block of code, which Slack shows unchanged. */
export function slackCodeBlock(command: string): string {
  return `\`\`\`${ownMarkdown(inlineText(command)).replaceAll("`", "'")}\`\`\``;
}

/** Cuts escaped text to at most `bytes` bytes (at least 4); inline code that was cut is closed again. */
export function cutSlack(text: string, bytes: number): string {
  const cut = cutMarkdown(text, bytes - 1);
  return cut.split("`").length % 2 === 0 ? `${cut}\`` : cut;
}
