const whitespace = /[\t\n\v\f\r\u0085\p{Z}]+/gu;

// Everything that steers a terminal or hides on a screen: C0 and C1 controls, ESC, bidirectional marks and
// overrides, zero-width characters, variation selectors, tags, private use, lone surrogates.
const unprintable = /[\p{C}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What a CI system takes for a command when a step prints it: `::error::` at the beginning of a line, which wrapping may
 * make of any place, and `##[error]` or `##vso[…]` anywhere. The names are those that GitHub's runner knows.
 *
 * Source: GitHub Actions, "Workflow commands", and Azure Pipelines, "Logging commands", read November 2026.
 */
const command =
  /:(?=:(?:add-|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-|stop-commands|warning))|#(?=#(?:\[|vso\[))/giu;

/**
 * Collected text as it may stand within a line of any plain-text medium: terminal, e-mail, SMS, log line, CI log.
 * White space, line breaks included, becomes single spaces; what would steer the medium, hide in it or command it becomes
 * visible as `\u{1b}`; a lone surrogate becomes U+FFFD. Printable text in any script stays as it is.
 */
export function inlineText(text: string): string {
  return neutral(text.replace(whitespace, " ").trim());
}

/** Text of several lines, such as an error's, each neutral as {@link inlineText} makes it. Spaces stay. */
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
