const whitespace = /[\t\n\v\f\r\u0085\p{Z}]+/gu;

// Everything that steers a terminal or hides on a screen: C0 and C1 controls, ESC, bidirectional marks and
// overrides, zero-width characters, variation selectors, tags, private use, lone surrogates.
const unprintable = /[\p{C}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Collected text as it may stand within a line of any plain-text medium: terminal, e-mail, SMS, log line.
 * White space, line breaks included, becomes single spaces; what would steer the medium or hide in it becomes
 * visible as `\u{1b}`; a lone surrogate becomes U+FFFD. Printable text in any script stays as it is.
 */
export function inlineText(text: string): string {
  return text.replace(whitespace, " ").trim().replace(unprintable, spelledOut);
}

function spelledOut(character: string): string {
  const codePoint = character.codePointAt(0);
  if (codePoint === undefined || !character.isWellFormed()) return "\uFFFD";
  return `\\u{${codePoint.toString(16)}}`;
}
