/** One line of the benchmark's table. */
export type Row = {
  /** What was measured, and on what. */
  readonly what: string;
  /** The result, as text. */
  readonly measured: string;
  /** The target, as text, and whether it is met; absent if there is no target. */
  readonly target?: { readonly words: string; readonly isMet: boolean };
};

/** A group of measurements. */
export type Part = {
  /** The name on the command line. */
  readonly name: string;
  readonly title: string;
  readonly run: (settings: BenchSettings) => Promise<readonly Row[]>;
};

/** Options of a benchmark run. */
export type BenchSettings = {
  /** Divides all sizes, for a quick look; 1 for real measurements. */
  readonly shrinkBy: number;
};

/** A row with an upper limit. */
export function limitedRow(what: string, measured: string, value: number, most: number, unit = ""): Row {
  return { what, measured, target: { words: `≤ ${most}${unit}`, isMet: value <= most } };
}

/** Formats a whole number. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** Formats a number with two or three significant digits. */
export function figure(value: number): string {
  if (value >= 100) return count(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** The median. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
