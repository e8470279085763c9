import { onTestFinished, vi } from "vitest";
import * as z from "zod";

/** What CloudWatch keeps of a log line. */
const lineSchema = z.record(z.string(), z.unknown());
type Line = Readonly<z.infer<typeof lineSchema>>;

/** What was written, read as lines of JSON. */
type Captured = { readonly lines: () => readonly Line[] };

/** Keeps what is written to standard output from now until the test ends. */
export function captureStdout(): Captured {
  return capture([process.stdout]);
}

/** Keeps all that reaches CloudWatch from now until the test ends: errors are written to standard error. */
export function captureLog(): Captured {
  return capture([process.stdout, process.stderr]);
}

function capture(streams: readonly NodeJS.WriteStream[]): Captured {
  const chunks: string[] = [];
  for (const stream of streams) {
    const write = vi.spyOn(stream, "write").mockImplementation((chunk) => {
      chunks.push(String(chunk));
      return true;
    });
    onTestFinished(() => write.mockRestore());
  }
  return {
    lines: () =>
      chunks
        .join("")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => lineSchema.parse(JSON.parse(line))),
  };
}

/** The lines that CloudWatch makes metrics of. */
export function metricsIn(lines: readonly Line[]): readonly Line[] {
  return lines.filter((line) => "_aws" in line);
}
