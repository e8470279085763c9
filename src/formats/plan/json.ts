import { briefLine } from "../../render/escape/cut.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { RemediationPlan, StepResult } from "../../schemas/remediation-plan.ts";

/** Formats the result of a step as one line: `111122223333 eu-west-1 applied: Update docker-hub`. */
export function stepLine({ account, region, title, outcome, detail }: StepResult): string {
  const why = detail === null ? "" : ` (${briefLine(detail)})`;
  return `${inlineText(account)} ${inlineText(region)} ${outcome}: ${briefLine(title)}${why}\n`;
}

/** Renders the plan as indented JSON with a final line break; `apply` reads this format. */
export function renderPlanJson(plan: RemediationPlan): string {
  return `${safeJson(plan, 2)}\n`;
}
