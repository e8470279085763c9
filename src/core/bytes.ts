/** The size of `text` in UTF-8, in bytes. A lone surrogate counts as the U+FFFD that it becomes. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/** The longest beginning of `text` that takes at most `bytes` bytes of UTF-8 and splits no code point. */
export function cutToBytes(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(0, bytes)));
  return text.slice(0, read);
}
