import type { CheckReport } from "../../model/check-report.ts";
import { safeJson } from "../escape/json.ts";

/** The report on code as indented JSON, with a line break at the end. */
export function renderCheckJson(report: CheckReport): string {
  return `${safeJson(report, 2)}\n`;
}
