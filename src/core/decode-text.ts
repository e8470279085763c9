import { PlainError } from "./errors.ts";

/** Bytes that are no text in their encoding. */
export class NotTextError extends PlainError {}

/**
 * The text of a file. UTF-16 is recognized by its byte order mark, as PowerShell writes it, or by the zero bytes of its
 * first character. Everything else is UTF-8. The mark itself is left out.
 *
 * @throws NotTextError if the bytes are no text in that encoding: read with other letters, names would be others
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new NotTextError(
      `it is not text in ${encoding.slice(0, 6).replace(/-$/, "").toUpperCase()}; save it as UTF-8`,
    );
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === undefined || second === undefined || (first === 0 && second === 0)) return "utf-8";
  if (second === 0) return "utf-16le";
  return first === 0 ? "utf-16be" : "utf-8";
}
