/**
 * The text of a file. UTF-16 is recognized by its byte order mark, as PowerShell writes it, or by the zero bytes of its
 * first character. Everything else is UTF-8. The mark itself is left out.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === undefined || second === undefined || (first === 0 && second === 0)) return "utf-8";
  if (second === 0) return "utf-16le";
  return first === 0 ? "utf-16be" : "utf-8";
}
