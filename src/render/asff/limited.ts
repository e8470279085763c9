import { inlineText } from "../escape/inline.ts";

/**
 * Collected text as one line of at most `limit` UTF-16 units, however a service counts characters. A text that
 * is cut ends with an ellipsis; an empty one, which ASFF refuses, becomes a dash.
 */
export function limitedText(text: string, limit: number): string {
  const line = inlineText(text);
  if (line === "") return "-";
  if (line.length <= limit) return line;
  return `${line.slice(0, limit - 1).replace(/\p{Surrogate}$/u, "")}…`;
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
