import type { SlackBlock } from "../../../src/notifiers/slack/blocks.ts";
import type { SlackMessage } from "../../../src/notifiers/slack/slack.ts";

/** Renders a Slack message as text, for reviewers. */
export function slackPage({ blocks }: SlackMessage): string {
  return `${blocks.map(blockLines).join("\n\n")}\n`;
}

/** Every text of a message that Slack shows. */
export function slackTexts({ text, blocks }: SlackMessage): readonly string[] {
  return [text, ...blocks.flatMap(textsOf)];
}

/** Every text of a block. */
export function textsOf(block: SlackBlock): readonly string[] {
  if (block.type === "divider") return [];
  if (block.type === "context") return block.elements.map(({ text }) => text);
  return "fields" in block ? block.fields.map(({ text }) => text) : [block.text.text];
}

function blockLines(block: SlackBlock): string {
  if (block.type === "divider") return "-".repeat(40);
  if (block.type === "header") return `# ${textsOf(block).join("")}`;
  if ("fields" in block)
    return textsOf(block)
      .map((text) => text.replace("\n", " "))
      .join(" | ");
  return textsOf(block).join("\n");
}
