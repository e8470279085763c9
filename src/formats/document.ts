import { displayWidth, wrap } from "../render/layout.ts";
import { labelled, type Page, prose } from "../render/page.ts";

const margin = 2;

/**
 * Renders one of the project's documents for a terminal. Paragraphs and tables are wrapped to the width of the page;
 * commands and examples stay unchanged, so they can be copied. Supports the Markdown that these documents use: headings,
 * paragraphs, lists, tables, fenced code, code spans and links.
 */
export function renderDocument(markdown: string, page: Page): string {
  const blocks = blocksOf(markdown).map((block) => setBlock(block, page).join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

type Block = readonly [string, ...string[]];

const fence = /^```/;

/** Splits Markdown at empty lines, except inside fenced code. */
function blocksOf(markdown: string): readonly Block[] {
  const blocks: [string, ...string[]][] = [];
  let block: [string, ...string[]] | null = null;
  let fenced = false;
  for (const line of markdown.split("\n")) {
    if (fence.test(line)) fenced = !fenced;
    if (line.trim() === "" && !fenced) {
      block = null;
    } else if (block === null) {
      block = [line];
      blocks.push(block);
    } else {
      block.push(line);
    }
  }
  return blocks;
}

function setBlock(block: Block, page: Page): readonly string[] {
  const [first] = block;
  if (fence.test(first)) return block.slice(1, -1).map((line) => `${" ".repeat(margin + 2)}${line}`);
  if (first.startsWith("# ")) return prose(plain(first.slice(2)), 0, page).map(page.paint.bold);
  if (first.startsWith("## "))
    return prose(plain(first.slice(3)).toUpperCase(), 0, page).map(page.paint.bold);
  if (first.startsWith("|")) return setTable(block, page);
  if (listItem.test(first)) return itemsOf(block).flatMap((item) => setItem(item, page));
  return prose(plain(block.join(" ")), margin, page);
}

function setTable(rows: Block, page: Page): readonly string[] {
  const cells = rows
    .filter((row) => !/^\|[\s|:-]+\|$/.test(row))
    .map((row) =>
      row
        .slice(1, -1)
        .split("|")
        .map((cell) => plain(cell.trim())),
    );
  const labels = Math.max(...cells.map(([label = ""]) => displayWidth(label)));
  const column = margin + labels + 2;
  return cells.flatMap(([label = "", ...rest]) =>
    labelled(`${" ".repeat(margin)}${label}`, rest.filter((cell) => cell !== "").join("; "), column, page),
  );
}

const listItem = /^(-|\d+\.) /;

function itemsOf(lines: Block): readonly string[] {
  return lines.join("\n").split(/\n(?=(?:-|\d+\.) )/);
}

function setItem(item: string, { width }: Page): readonly string[] {
  const [marker = ""] = listItem.exec(item) ?? [];
  const text = plain(item.slice(marker.length).replace(/\s*\n\s*/g, " "));
  const first = " ".repeat(margin) + marker;
  return wrap(text, { width, first, rest: " ".repeat(first.length) });
}

/** Removes the markup of code spans, emphasis and links. */
function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\((https?:[^)]*)\)/g, "$1 ($2)")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*([^*]+)\*\*/g, "$1")
    .replaceAll("`", "");
}
