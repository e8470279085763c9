/** The command line was used wrongly; the message says how it is used rightly. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

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
  /**
   * Asks the operator and waits for one line; `null` if the operator presses Ctrl-C or ends the input. Absent if no
   * operator is at the terminal.
   */
  readonly ask?: (question: string) => Promise<string | null>;
};

const usualWidth = 80;

/** The columns that a text for this stream may fill. */
export function widthOf({ columns }: TextStream): number {
  return columns ?? usualWidth;
}

/**
 * Whether texts for this stream are coloured: on a terminal only, and not when `NO_COLOR` is set
 * (no-color.org) or colour was declined.
 */
export function isColored(stream: TextStream, { environment }: Terminal, wanted: boolean): boolean {
  const declined = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  return wanted && !declined && stream.isTTY === true;
}
