import { byteLength, cutToBytes } from "../../core/bytes.ts";

/**
 * The longest line that a mail may carry, in bytes without its line break.
 *
 * Source: RFC 5322, "Internet Message Format", section 2.1.1, read November 2026.
 */
export const MAIL_LINE_BYTES = 998;

/** A mail's plain text with every line that is longer than `bytes` broken, at a code point's boundary. */
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
    // A limit below one character's size can not be kept: a line too long is better than none.
    if (piece === "") break;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest];
}
