const whitespace = /[\t\n\v\f\r\u0085\p{Z}]+/gu;

// All characters that control a terminal or are invisible: C0 and C1 controls, ESC, bidirectional marks and
// overrides, zero-width characters, variation selectors, tags, private use, lone surrogates.
const unprintable = /[\p{C}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Text that a CI system interprets as a command: `::error::` at the start of a line, which wrapping can produce from
 * any position, and `##[error]` or `##vso[…]` anywhere. The names are those that GitHub's runner supports.
 *
 * Source: GitHub Actions, "Workflow commands", and Azure Pipelines, "Logging commands", read November 2026.
 */
const command =
  /:(?=:(?:add-|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-|stop-commands|warning))|#(?=#(?:\[|vso\[))/giu;

/**
 * Makes collected text safe within a line of any plain-text medium: terminal, e-mail, SMS, log line, CI log. White
 * space, including line breaks, becomes single spaces. Characters and commands that would control the medium, or be
 * invisible in it, are escaped, such as `\u{1b}`. A lone surrogate becomes U+FFFD. Printable text in any script does
 * not change.
 */
export function inlineText(text: string): string {
  return neutral(text.replace(whitespace, " ").trim());
}

/** Makes each line of a multi-line text, such as an error, safe in the same way as {@link inlineText}. Keeps spaces. */
export function neutralLines(text: string): string {
  return text
    .split("\n")
    .map((line) => neutral(line.replaceAll(/[\t\p{Zl}\p{Zp}]/gu, " ")))
    .join("\n");
}

function neutral(line: string): string {
  return line.replace(unprintable, spelledOut).replace(command, spelledOut);
}

function spelledOut(character: string): string {
  const codePoint = character.codePointAt(0);
  if (codePoint === undefined || !character.isWellFormed()) return "\uFFFD";
  return `\\u{${codePoint.toString(16)}}`;
}
