/** What two lists of lines differ in: `-` is expected and missing, `+` is there and not expected. Each copy counts. */
export function differences(
  what: string,
  expected: readonly string[],
  actual: readonly string[],
): readonly string[] {
  const missing = without(expected, actual).map((line) => `${what}: - ${line}`);
  const surplus = without(actual, expected).map((line) => `${what}: + ${line}`);
  return [...missing, ...surplus];
}

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
