import { RE2JS } from "re2js";
import { memoize } from "../../core/memoize.ts";

const compiled = memoize(new Map<string, RE2JS>(), (pattern) => RE2JS.compile(pattern));

/**
 * Whether the whole `text` matches the regular expression `pattern`. Takes time linear in the text (RE2 syntax has no
 * back references and no look-around), so that no pattern can stall an audit.
 *
 * @throws RE2JSException if `pattern` is invalid; the policy's schema rejects invalid patterns earlier.
 */
export function matchesExpression(pattern: string, text: string): boolean {
  return compiled(pattern).matches(text);
}

/** Size limits of regular expressions in a policy: characters of the text and instructions of the program. */
export const patternLimits = { maxLength: 4_000, maxProgramSize: 2_000 } as const;

/**
 * Why `pattern` is not a valid RE2 expression within {@link patternLimits}, as the end of a sentence that starts with
 * the pattern; `null` if it is valid. Checks the length of the text first, so that a text that is too long is never
 * compiled.
 */
export function expressionProblem(pattern: string): string | null {
  const { maxLength, maxProgramSize } = patternLimits;
  if (pattern.length > maxLength) {
    return `is too large (${pattern.length} characters, and at most ${maxLength} are allowed)`;
  }
  try {
    const size = RE2JS.compile(pattern).programSize();
    if (size <= maxProgramSize) return null;
    return `is too large (${size} instructions, and at most ${maxProgramSize} are allowed)`;
  } catch (error) {
    return `is not a regular expression in RE2 syntax: ${error instanceof Error ? error.message : String(error)}`;
  }
}
