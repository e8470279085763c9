/** Words with more differences than this, for their length, are not taken for slips of each other. */
const mostDifferences = (length: number) => (length <= 3 ? 1 : Math.min(3, Math.floor(length / 3)));

/**
 * The known word that a misspelled one most likely means; `null` if none is close. Upper and lower case count as equal.
 *
 * @example
 * closest("acounts", ["accounts", "regions"]); // "accounts"
 */
export function closest(word: string, known: readonly string[]): string | null {
  const given = word.toLowerCase();
  let found: { readonly name: string; readonly differences: number } | null = null;
  for (const name of known) {
    const most = mostDifferences(Math.max(given.length, name.length));
    // Words that are too long for each other are not compared: a file can hold long ones.
    if (Math.abs(given.length - name.length) > most) continue;
    const differences = differencesOf(given, name.toLowerCase());
    if (differences <= most && (found === null || differences < found.differences)) {
      found = { name, differences };
    }
  }
  return found?.name ?? null;
}

/** The end of an error about a misspelled word: `; did you mean "accounts"?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const name = closest(word, known);
  return name === null ? "" : `; did you mean ${JSON.stringify(name)}?`;
}

/** Whether two words differ, by one letter that is inserted, left out or replaced, or by two that are swapped. */
export function isOneOff(one: string, other: string): boolean {
  return Math.abs(one.length - other.length) <= 1 && differencesOf(one, other) === 1;
}

/** How many letters are inserted, left out, replaced or swapped with their neighbour (optimal string alignment). */
function differencesOf(one: string, other: string): number {
  let [beforeLast, last]: [number[], number[]] = [
    [],
    Array.from({ length: other.length + 1 }, (_, at) => at),
  ];
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const [left = 0, above = 0, diagonal = 0] = [current[column - 1], last[column], last[column - 1]];
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const steps = [left + 1, above + 1, diagonal + (isSame ? 0 : 1)];
      if (isSwapped && row > 1 && column > 1) steps.push((beforeLast[column - 2] ?? 0) + 1);
      current.push(Math.min(...steps));
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length] ?? 0;
}
