import type { RemedyPlan } from "../../model/remedy-plan.ts";
import { safeJson } from "../escape/json.ts";

/** The plan as indented JSON, as `apply` reads it, with a line break at the end. */
export function renderPlanJson(plan: RemedyPlan): string {
  return `${safeJson(plan, 2)}\n`;
}
