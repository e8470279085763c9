import { exitCode } from "./exit-code.ts";

/** The signals that ask a command to end: Ctrl-C, a supervisor, a terminal that is closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What a command does when it is interrupted. */
type Interrupts = {
  /** Says that the command ends after what it does now. */
  readonly onFirst: () => void;
  /** Tidies up. The process ends right after it. */
  readonly onSecond: () => void;
};

/**
 * Runs `work`. The first signal aborts its argument, so that it can end where that is safe. The second one ends the process
 * with exit code 130.
 */
export async function withInterrupts<T>(
  work: (interrupted: AbortSignal) => Promise<T>,
  { onFirst, onSecond }: Interrupts,
): Promise<T> {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) {
      onSecond();
      process.exit(exitCode.interrupted);
    }
    controller.abort();
    onFirst();
  };
  for (const signal of signals) process.on(signal, listener);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, listener);
  }
}
