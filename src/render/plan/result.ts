import type { StepResult } from "../../model/remedy-run.ts";
import { briefLine } from "../escape/brief.ts";
import { inlineText } from "../escape/inline.ts";

/** What became of a step, as one line: `111122223333 eu-west-1 applied: Update docker-hub`. */
export function stepLine({ account, region, title, outcome, detail }: StepResult): string {
  const why = detail === null ? "" : ` (${briefLine(detail)})`;
  return `${inlineText(account)} ${inlineText(region)} ${outcome}: ${briefLine(title)}${why}\n`;
}
