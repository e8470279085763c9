/** Whether a text matches a pattern in which `*` matches anything and `?` matches one character. */
export function fits(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "su").test(text);
}

/** Whether a text matches one of the patterns. */
export function fitsAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => fits(pattern, text));
}

/** Whether a text matches one of the patterns, or there are none. */
export function isNamed(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.length === 0 || fitsAny(patterns, text);
}

/** A prefix without the slash that is assumed at its end anyway. */
export function bare(prefix: string): string {
  return prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
}

/** Whether `inner` is `outer` or a path below it. */
export function isWithin(inner: string, outer: string): boolean {
  return bare(inner) === bare(outer) || bare(inner).startsWith(`${bare(outer)}/`);
}
