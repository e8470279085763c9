import type { Severity } from "../model/finding.ts";

/** What stands for a severity in the cells of a map of accounts and regions. */
export const severityLetters = {
  critical: "C",
  high: "H",
  medium: "M",
  low: "L",
  informational: "I",
} as const satisfies Record<Severity, string>;
