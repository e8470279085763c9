/** The layout of a paragraph: its width in columns, and the start of the first line and of all others. */
export type Setting = { readonly width: number; readonly first: string; readonly rest: string };

const ascii = /^[ -~]*$/;
const combining = /\p{M}/u;
const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/** Returns the columns that `text` takes on a terminal: two for East Asian characters and emoji, none for accents. */
export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

function columnsOf(character: string): number {
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Pads `text` with spaces to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * Wraps an inline text at its spaces into lines of at most `width` columns. A word that is longer than a line is
 * not broken, so an ARN can still be copied.
 */
export function wrap(text: string, { width, first, rest }: Setting): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
