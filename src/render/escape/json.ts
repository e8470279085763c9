// Legal in JSON. But terminals interpret C1 controls and DEL, and the others are invisible in editors and reviews.
const deceptive = /[\u007f-\u009f\u2028\u2029\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Returns `value` as equivalent JSON that is safe to display: control and invisible characters are written as
 * `\uXXXX`. Lone surrogates, which many parsers reject, become U+FFFD.
 *
 * @param indent spaces per level; 0 for one compact line.
 */
export function safeJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, wellFormed, indent).replace(deceptive, escaped);
}

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
