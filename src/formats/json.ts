import { safeJson } from "../render/escape/json.ts";
import type { Report } from "../schemas/report.ts";

/** Renders the report as indented JSON with a final line break; the keys keep the report's order. */
export function renderJson(report: Report): string {
  return `${safeJson(report, 2)}\n`;
}
