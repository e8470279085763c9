import { matchesName } from "../../core/wildcards.ts";

/**
 * Whether there is a text that two patterns match both, `*` and `?` being wildcards in either. Takes pattern ×
 * pattern steps: it asks whether the ends of both can be matched, from the empty ends on.
 */
export function patternsMeet(one: string, other: string): boolean {
  const left = Array.from(one);
  const right = Array.from(other);
  // Stryker disable next-line ArrayDeclaration: after the ends nothing is true, whatever else is there
  let after: readonly boolean[] = [];
  for (let l = left.length; l >= 0; l -= 1) {
    // Stryker disable next-line ArrayDeclaration: each place of a row is set before it is looked at
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

/** Whether there is a text that one of each list matches. */
export function listsMeet(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.some((other) => patternsMeet(one, other)));
}

/**
 * Whether `wide` is known to match every text that `narrow` matches. Where both have wildcards it may say no
 * of some that it does match.
 */
export function patternCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (narrow.includes("*") && wide.includes("?")) return false;
  return matchesName(wide, narrow);
}

/** Whether `wide` is known to match all that `narrow` matches; no list at all matches everything. */
export function listCovers(
  wide: readonly string[] | undefined,
  narrow: readonly string[] | undefined,
): boolean {
  if (wide === undefined) return true;
  return (narrow ?? ["*"]).every((pattern) => wide.some((other) => patternCovers(other, pattern)));
}
