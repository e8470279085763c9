import { byteLength } from "../../core/bytes.ts";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { cutSlack, slackText } from "../../render/escape/slack.ts";

/** Text in Slack's markup. `verbatim` means that Slack does not turn names or URLs in it into links. */
export type Mrkdwn = { readonly type: "mrkdwn"; readonly text: string; readonly verbatim: true };

type PlainText = { readonly type: "plain_text"; readonly text: string; readonly emoji: false };

/** The Block Kit blocks used in a digest. */
export type SlackBlock =
  | { readonly type: "header"; readonly text: PlainText }
  | { readonly type: "section"; readonly text: Mrkdwn }
  | { readonly type: "section"; readonly fields: readonly Mrkdwn[] }
  | { readonly type: "context"; readonly elements: readonly Mrkdwn[] }
  | { readonly type: "divider" };

/**
 * The limits of single blocks. Slack gives them in characters; they are applied in bytes, to be safe.
 *
 * Source: Slack developer documentation, "Block Kit blocks", November 2026.
 */
const limits = { header: 150, text: 3000, field: 2000, fields: 10 } as const;

/** Longer than any text in the auditor's digests: this only cuts texts from elsewhere. */
const LONGEST_TEXT = 450;

/** Cuts and escapes collected text. */
export function shortSlack(text: string): string {
  return slackText(cutToCharacters(text, LONGEST_TEXT));
}

/** Renders a header block. */
export function header(text: string): SlackBlock {
  return { type: "header", text: { type: "plain_text", text: cutSlack(text, limits.header), emoji: false } };
}

/** Renders lines of escaped text. */
export function section(lines: readonly string[]): SlackBlock {
  return { type: "section", text: mrkdwn(lines.join("\n"), limits.text) };
}

/** Renders short escaped texts in two columns. */
export function fields(texts: readonly string[]): SlackBlock {
  return {
    type: "section",
    fields: texts.slice(0, limits.fields).map((text) => mrkdwn(text, limits.field)),
  };
}

/** Renders escaped text in small print. */
export function context(text: string): SlackBlock {
  return { type: "context", elements: [mrkdwn(text, limits.text)] };
}

/** A horizontal line. */
export const divider: SlackBlock = { type: "divider" };

/** Returns the size of all texts of a block, in bytes. */
export function textBytes(block: SlackBlock): number {
  return textsOf(block).reduce((sum, { text }) => sum + byteLength(text), 0);
}

function textsOf(block: SlackBlock): readonly { readonly text: string }[] {
  if (block.type === "divider") return [];
  if (block.type === "context") return block.elements;
  return "fields" in block ? block.fields : [block.text];
}

function mrkdwn(text: string, bytes: number): Mrkdwn {
  return { type: "mrkdwn", text: cutSlack(text, bytes), verbatim: true };
}
