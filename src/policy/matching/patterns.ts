import { matchesName } from "../../core/wildcards.ts";

/**
 * Whether some text matches both patterns, in which `*` and `?` are wildcards. Takes pattern × pattern steps: for all
 * pairs of suffixes, starting with the empty ones, it determines whether some text matches both.
 */
export function patternsMeet(one: string, other: string): boolean {
  const left = Array.from(one);
  const right = Array.from(other);
  // Stryker disable next-line ArrayDeclaration: beyond the ends, no value is true, whatever the array contains
  let after: readonly boolean[] = [];
  for (let l = left.length; l >= 0; l -= 1) {
    // Stryker disable next-line ArrayDeclaration: each element of a row is set before it is read
    const row: boolean[] = [];
    for (let r = right.length; r >= 0; r -= 1) {
      const a = left[l];
      const b = right[r];
      if (a === "*" || b === "*") row[r] = after[r] === true || row[r + 1] === true;
      else if (a === undefined && b === undefined) row[r] = true;
      else row[r] = (a === b || a === "?" || b === "?") && after[r + 1] === true;
    }
    after = row;
  }
  return after[0] === true;
}

/** Whether some text matches a pattern of each list. */
export function listsMeet(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.some((other) => patternsMeet(one, other)));
}

/**
 * Whether `wide` is known to match every text that `narrow` matches. May return `false` for some pairs of patterns
 * with wildcards although it does.
 */
export function patternCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (narrow.includes("*") && wide.includes("?")) return false;
  return matchesName(wide, narrow);
}

/** Whether `wide` is known to match everything that `narrow` matches. `undefined` matches everything. */
export function listCovers(
  wide: readonly string[] | undefined,
  narrow: readonly string[] | undefined,
): boolean {
  if (wide === undefined) return true;
  return (narrow ?? ["*"]).every((pattern) => wide.some((other) => patternCovers(other, pattern)));
}
