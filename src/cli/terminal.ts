/** The command line was used incorrectly. The message says how to use it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A destination for text, such as standard output. */
export type TextStream = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** The streams and the environment of the process that runs a command. */
export type Terminal = {
  /** Receives only the report. */
  readonly output: TextStream;
  /** Receives progress and errors. */
  readonly errors: TextStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * Asks the operator and waits for one line; `null` if the operator presses Ctrl-C or ends the input. Absent if no
   * operator is at the terminal.
   */
  readonly ask?: (question: string) => Promise<string | null>;
};

const usualWidth = 80;

/** The number of columns that a text for this stream may use. */
export function widthOf({ columns }: TextStream): number {
  return columns ?? usualWidth;
}

/**
 * Whether to colour texts for this stream: on a terminal, or anywhere if `FORCE_COLOR` asks for it (force-color.org); not
 * if `NO_COLOR` is set (no-color.org) or the operator declined colours.
 */
export function isColored(stream: TextStream, { environment }: Terminal, wanted: boolean): boolean {
  if (!wanted || (environment["NO_COLOR"] ?? "") !== "") return false;
  const { FORCE_COLOR: force = "", TERM: kind } = environment;
  if (force !== "") return !["0", "false"].includes(force);
  return kind !== "dumb" && stream.isTTY === true;
}
