import { inlineText } from "../../render/escape/inline.ts";

/**
 * Collected text as one line of at most `limit` UTF-16 units, however a service counts characters. A text that
 * is cut ends with an ellipsis; an empty one, which ASFF refuses, becomes a dash.
 */
export function limitedText(text: string, limit: number): string {
  // Of a text far too long, its end need not be made printable first.
  const start = beginning(text, 4 * limit);
  const line = inlineText(start);
  if (start === text && line.length <= limit) return line === "" ? "-" : line;
  return `${beginning(line, limit - 1)}…`;
}

/** The first `units` UTF-16 units, but for half a character at their end. */
function beginning(text: string, units: number): string {
  return text.length <= units ? text : text.slice(0, units).replace(/\p{Surrogate}$/u, "");
}

/** The fields that have a value, each as {@link limitedText}. */
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
