import { counted } from "../words.ts";
import type { Block } from "./blocks.ts";

/** What a comment on GitHub may hold (GitHub's error says so; read November 2026). A job summary may be larger. */
const MOST_CHARACTERS = 65_536;

/** Kept free for the line that counts what was left out. */
const RESERVE = 500;

/** A head and as many of the blocks as a comment may hold; what is left out is counted. */
export function markdownPage(head: string, blocks: readonly Block[]): string {
  const { shown, left } = cut(blocks, MOST_CHARACTERS - RESERVE - head.length);
  return `${[head, ...shown.map(({ text }) => text), ...leftWords(left)].join("\n\n")}\n`;
}

function cut(blocks: readonly Block[], characters: number) {
  let room = characters;
  const shown: Block[] = [];
  const left = new Map<string, number>();
  for (const block of blocks) {
    room -= block.text.length + "\n\n".length;
    if (room >= 0) shown.push(block);
    const missing = room >= 0 ? block.folded : block.count;
    if (missing > 0) left.set(block.unit, (left.get(block.unit) ?? 0) + missing);
  }
  return { shown, left };
}

function leftWords(left: ReadonlyMap<string, number>): readonly string[] {
  if (left.size === 0) return [];
  const counts = [...left].map(([unit, count]) => counted(count, unit));
  return [`_Left out here: ${counts.join(", ")}. The JSON report has everything._`];
}
