import { createHash } from "node:crypto";

/** The digest of a text, which tells how it was made: `sha256:` and 64 hex digits. */
export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
