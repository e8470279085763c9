/** The maximum number of problems in an error message; there may be a thousand. */
const mostNamed = 20;

/** The first lines, indented, followed by the number of remaining lines, such as `and 380 more`. */
export function firstLines(lines: readonly string[], most = mostNamed): readonly string[] {
  const named = lines.slice(0, most).map((line) => `  ${line}`);
  const rest = lines.length - named.length;
  return rest > 0 ? [...named, `  and ${rest.toLocaleString("en-US")} more`] : named;
}
