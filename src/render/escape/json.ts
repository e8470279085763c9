// Legal within JSON, but a terminal obeys C1 controls and DEL, and editors and reviewers are deceived by the rest.
// Azure Pipelines takes `##vso[…]` and `##[…]` for commands anywhere in a line ("Logging commands", November 2026).
const deceptive = /[\u007f-\u009f\u2028\u2029\p{Cf}\p{Default_Ignorable_Code_Point}]|#(?=#(?:\[|vso\[))/giu;

/**
 * `value` as JSON that means the same and is safe to show: controls, invisible characters and the beginnings of CI
 * commands are written as `\uXXXX`. Lone surrogates, which many parsers refuse, become U+FFFD.
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
