import { byteLength, cutToBytes } from "../../core/bytes.ts";

/**
 * The maximum length of a line in a mail, in bytes without the line break.
 *
 * Source: RFC 5322, "Internet Message Format", section 2.1.1, read November 2026.
 */
export const MAIL_LINE_BYTES = 998;

/** Breaks every line of a plain-text mail that is longer than `bytes`, at the boundary of a code point. */
export function mailText(text: string, bytes = MAIL_LINE_BYTES): string {
  return text
    .split("\n")
    .flatMap((line) => brokenLine(line, bytes))
    .join("\n");
}

function brokenLine(line: string, bytes: number): string[] {
  const pieces: string[] = [];
  let rest = line;
  while (byteLength(rest) > bytes) {
    const piece = cutToBytes(rest, bytes);
    // If the limit is smaller than one character, the line stays too long rather than getting lost.
    if (piece === "") break;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}
