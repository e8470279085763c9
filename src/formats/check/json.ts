import { safeJson } from "../../render/escape/json.ts";
import type { CheckReport } from "../../schemas/check-report.ts";

/** Renders the report on code as indented JSON with a final line break. */
export function renderCheckJson(report: CheckReport): string {
  return `${safeJson(report, 2)}\n`;
}
