import { RE2JS } from "re2js";
import { memoize } from "../../core/memoize.ts";

const compiled = memoize(new Map<string, RE2JS>(), (pattern) => RE2JS.compile(pattern));

/**
 * Whether `text` as a whole matches the regular expression `pattern`, in time linear in the text (RE2
 * syntax: no back references, no look-around), so that no pattern can stall an audit.
 *
 * @throws RE2JSException when `pattern` is no such expression; the policy's schema has refused it before.
 */
export function matchesExpression(pattern: string, text: string): boolean {
  return compiled(pattern).matches(text);
}

/** How large a regular expression of a policy may be: its text in characters, and its program in instructions. */
export const patternLimits = { maxLength: 4_000, maxProgramSize: 2_000 } as const;

/**
 * Why `pattern` is no RE2 expression of the size that a policy may have, as the end of a sentence that begins with it;
 * `null` when it is one. The text is measured first, so that what is too long is never compiled.
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
