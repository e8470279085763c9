/**
 * Whether the whole `text` matches `pattern`, in which `*` matches any characters, including `/`, and `?` matches
 * exactly one. Takes at most pattern × text steps, because it only backtracks to the last `*`.
 */
export function matchesName(pattern: string, text: string): boolean {
  // Most patterns of a policy are whole names, and thousands of them may be compared with each registry.
  if (!pattern.includes("*") && !pattern.includes("?")) return pattern === text;
  const wanted = Array.from(pattern);
  const given = Array.from(text);
  let p = 0;
  let t = 0;
  let star = -1;
  let resumeAt = 0;
  while (t < given.length) {
    if (wanted[p] === "*") {
      star = p;
      resumeAt = t;
      p += 1;
    } else if (wanted[p] === "?" || wanted[p] === given[t]) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      resumeAt += 1;
      t = resumeAt;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (wanted[p] === "*") p += 1;
  return p === wanted.length;
}

/** Whether `text` matches one of `patterns`, as {@link matchesName} does. */
export function matchesAnyName(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => matchesName(pattern, text));
}
