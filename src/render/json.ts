import type { Report } from "../model/report.ts";
import { safeJson } from "./escape/json.ts";

/** The report as indented JSON, its keys in the report's own order, with a line break at the end. */
export function renderJson(report: Report): string {
  return `${safeJson(report, 2)}\n`;
}
