import { onTestFinished, vi } from "vitest";
import * as z from "zod";

/** What CloudWatch keeps of a log line. */
const lineSchema = z.record(z.string(), z.unknown());
type Line = Readonly<z.infer<typeof lineSchema>>;

/** Keeps what is written to standard output from now until the test ends, and reads it as lines of JSON. */
export function captureStdout(): { readonly lines: () => readonly Line[] } {
  const chunks: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    chunks.push(String(chunk));
    return true;
  });
  onTestFinished(() => write.mockRestore());
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
