import { inlineText } from "../../render/escape/inline.ts";

/**
 * Returns collected text as one line of at most `limit` UTF-16 units, the strictest way of counting characters. A text
 * that is cut ends with an ellipsis. An empty text becomes a dash, because ASFF rejects empty texts.
 */
export function limitedText(text: string, limit: number): string {
  // The end of a text that is far too long need not be made printable.
  const start = beginning(text, 4 * limit);
  const line = inlineText(start);
  if (start === text && line.length <= limit) return line === "" ? "-" : line;
  return `${beginning(line, limit - 1)}…`;
}

/** Returns the first `units` UTF-16 units, without half a character at the end. */
function beginning(text: string, units: number): string {
  return text.length <= units ? text : text.slice(0, units).replace(/\p{Surrogate}$/u, "");
}

/** Returns the fields that have a value, each as {@link limitedText}. */
export function limitedFields(
  fields: Readonly<Record<string, string | null>>,
  limit: number,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === null ? [] : [[name, limitedText(value, limit)]],
    ),
  );
}
