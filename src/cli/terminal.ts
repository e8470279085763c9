/** Somewhere text goes, such as a process's standard output. */
export type TextStream = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** What a command meets of the process around it. */
export type Terminal = {
  /** Carries the report alone. */
  readonly output: TextStream;
  /** Progress and errors. */
  readonly errors: TextStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

const usualWidth = 80;

/** The columns that a text for this stream may fill. */
export function widthOf({ columns }: TextStream): number {
  return columns ?? usualWidth;
}

/**
 * Whether texts for this stream are coloured: not when colour was declined or `NO_COLOR` is set (no-color.org), and
 * otherwise on a terminal, or where `FORCE_COLOR` is set (force-color.org), as for the log of a CI job.
 */
export function isColored(stream: TextStream, { environment }: Terminal, wanted: boolean): boolean {
  const isSet = (name: string) => (environment[name] ?? "") !== "";
  if (!wanted || isSet("NO_COLOR")) return false;
  if (isSet("FORCE_COLOR")) return environment["FORCE_COLOR"] !== "0";
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}
