import { safeJson } from "../../render/escape/json.ts";
import type { LintReport } from "../../schemas/policy-lint.ts";

/** Renders the result of `policy lint` for programs. */
export function renderLintJson(report: LintReport): string {
  return `${safeJson(report, 2)}\n`;
}
