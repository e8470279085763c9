/** The most problems that an error names: a person reads no more of them, and may have a thousand. */
const mostNamed = 20;

/** The first of some lines for people, each indented, and how many more there are, as in `and 380 more`. */
export function firstLines(lines: readonly string[], most = mostNamed): readonly string[] {
  const named = lines.slice(0, most).map((line) => `  ${line}`);
  const rest = lines.length - named.length;
  return rest > 0 ? [...named, `  and ${rest.toLocaleString("en-US")} more`] : named;
}
