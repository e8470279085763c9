import type { Logger } from "@aws-lambda-powertools/logger";

/** The console methods, by which a process writes to its log without the logger. */
type Output = Pick<Console, "debug" | "info" | "log" | "warn" | "error">;

/**
 * Redirects all other output, which is Node.js warnings and whatever libraries print, to the logger, so that every line
 * is JSON. CloudWatch queries and the filters of alarms read nothing else.
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
    const original = output[method].bind(output);
    output[method] = (...said: readonly unknown[]) => {
      // The logger may call this method itself, as it does on a developer's machine.
      if (isLogging) return original(...said);
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
