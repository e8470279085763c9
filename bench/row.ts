/** One line of the benchmark's table. */
export type Row = {
  /** What was measured, and on what. */
  readonly what: string;
  /** The result, in words. */
  readonly measured: string;
  /** What it is to be, in words, and whether it is; left out where nothing is promised. */
  readonly target?: { readonly words: string; readonly isMet: boolean };
};

/** Some measurements that belong together. */
export type Part = {
  /** By which it is asked for. */
  readonly name: string;
  readonly title: string;
  readonly run: (settings: BenchSettings) => Promise<readonly Row[]>;
};

/** How a benchmark is run. */
export type BenchSettings = {
  /** How much smaller than usual everything is, for a quick look; 1 is what counts. */
  readonly shrinkBy: number;
};

/** A row with a limit that its number must not pass. */
export function limitedRow(what: string, measured: string, value: number, most: number, unit = ""): Row {
  return { what, measured, target: { words: `≤ ${most}${unit}`, isMet: value <= most } };
}

/** A whole number for people. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A number with so many digits that the first two or three tell something. */
export function figure(value: number): string {
  if (value >= 100) return count(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
