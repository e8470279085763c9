import type { Logger } from "@aws-lambda-powertools/logger";

/** What a process writes to its log by other ways than the logger. */
type Output = Pick<Console, "debug" | "info" | "log" | "warn" | "error">;

/**
 * Has all that is written past the logger, Node.js's warnings and what libraries print, logged as lines of JSON like the
 * rest: CloudWatch's queries, and the filters of alarms, read nothing else.
 */
export function logPlainOutput(
  logger: Pick<Logger, "info" | "warn" | "error">,
  output: Output = console,
): void {
  let isLogging = false;
  for (const [method, level] of [
    ["debug", "info"],
    ["info", "info"],
    ["log", "info"],
    ["warn", "warn"],
    ["error", "error"],
  ] as const) {
    const plainly = output[method].bind(output);
    output[method] = (...said: readonly unknown[]) => {
      // The logger may print by this very way, as it does on a developer's machine.
      if (isLogging) return plainly(...said);
      isLogging = true;
      try {
        logger[level]("A library said", { said: said.map(text) });
      } finally {
        isLogging = false;
      }
    };
  }
  // Node.js's own listener prints plain text.
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) =>
    logger.warn("Node.js warned", { warning: `${name}: ${message}` }),
  );
}

function text(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}
