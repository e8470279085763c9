import { type ComponentChild, h } from "preact";
import type { Severity } from "../../model/finding.ts";
import { capitalized } from "./texts.ts";

/** A severity as a mark that does without its colour. */
export function severityMark(severity: Severity): ComponentChild {
  return h("span", { class: `sev ${severity}` }, capitalized(severity));
}
