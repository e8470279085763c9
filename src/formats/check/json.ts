import { safeJson } from "../../render/escape/json.ts";
import type { CheckReport } from "../../schemas/check-report.ts";

/** The report on code as indented JSON, with a line break at the end. */
export function renderCheckJson(report: CheckReport): string {
  return `${safeJson(report, 2)}\n`;
}
