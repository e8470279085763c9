/** What {@link withPart} replaces: everything between the two marks. */
type Marks = { readonly begin: string; readonly end: string };

/**
 * The README with `content` between its marks.
 *
 * @throws Error when a mark is missing
 */
export function withPart(readme: string, { begin, end }: Marks, content: string): string {
  const [before, rest] = splitAt(readme, begin);
  const [, after] = splitAt(rest, end);
  return `${before}${begin}\n${content}${end}${after}`;
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`README.md has lost its mark ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
