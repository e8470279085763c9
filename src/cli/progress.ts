import type { AuditProgress } from "../audit/audit.ts";
import type { TextStream } from "./terminal.ts";

/** Shows how far an audit is. */
export type ProgressLine = {
  readonly show: (progress: AuditProgress) => void;
  readonly clear: () => void;
};

const silent: ProgressLine = { show: () => undefined, clear: () => undefined };

/** A line that is written over and over on a terminal; nothing elsewhere, where it would fill a log. */
export function progressLine(errors: TextStream, quiet: boolean): ProgressLine {
  if (quiet || errors.isTTY !== true) return silent;
  return {
    show: ({ planned, read }) =>
      errors.write(`\r\u001b[KReading registries: ${read} of ${planned} known so far`),
    clear: () => errors.write("\r\u001b[K"),
  };
}
