import { safeJson } from "../render/escape/json.ts";
import type { Report } from "../schemas/report.ts";

/** The report as indented JSON, its keys in the report's own order, with a line break at the end. */
export function renderJson(report: Report): string {
  return `${safeJson(report, 2)}\n`;
}
