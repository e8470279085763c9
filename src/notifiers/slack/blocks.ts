import { byteLength } from "../../core/bytes.ts";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { cutSlack, slackText } from "../../render/escape/slack.ts";

/** Text in Slack's markup; `verbatim`: only markup is obeyed, no name or address in it becomes a link. */
export type Mrkdwn = { readonly type: "mrkdwn"; readonly text: string; readonly verbatim: true };

type PlainText = { readonly type: "plain_text"; readonly text: string; readonly emoji: false };

/** The blocks of Block Kit that a digest is made of. */
export type SlackBlock =
  | { readonly type: "header"; readonly text: PlainText }
  | { readonly type: "section"; readonly text: Mrkdwn }
  | { readonly type: "section"; readonly fields: readonly Mrkdwn[] }
  | { readonly type: "context"; readonly elements: readonly Mrkdwn[] }
  | { readonly type: "divider" };

/**
 * The limits of single blocks, which Slack gives in characters and which are kept here in bytes, to be safe.
 *
 * Source: Slack developer documentation, "Block Kit blocks", November 2026.
 */
const limits = { header: 150, text: 3000, field: 2000, fields: 10 } as const;

/** Longer than a digest makes a text: only what is no digest of ours is cut here. */
const LONGEST_TEXT = 450;

/** Collected text, cut short and escaped. */
export function shortSlack(text: string): string {
  return slackText(cutToCharacters(text, LONGEST_TEXT));
}

/** A title in large letters. */
export function header(text: string): SlackBlock {
  return { type: "header", text: { type: "plain_text", text: cutSlack(text, limits.header), emoji: false } };
}

/** Lines of text, each already escaped. */
export function section(lines: readonly string[]): SlackBlock {
  return { type: "section", text: mrkdwn(lines.join("\n"), limits.text) };
}

/** Short texts in two columns, each already escaped. */
export function fields(texts: readonly string[]): SlackBlock {
  return {
    type: "section",
    fields: texts.slice(0, limits.fields).map((text) => mrkdwn(text, limits.field)),
  };
}

/** A line of small print, already escaped. */
export function context(text: string): SlackBlock {
  return { type: "context", elements: [mrkdwn(text, limits.text)] };
}

/** A line across. */
export const divider: SlackBlock = { type: "divider" };

/** The size of all texts of a block in bytes. */
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
