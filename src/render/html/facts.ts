import { type ComponentChild, h } from "preact";
import { safeJson } from "../escape/json.ts";
import { shown } from "./texts.ts";

/** A term and what stands behind it. */
export type Fact = readonly [term: string, value: ComponentChild];

/** Facts as a list of terms. */
export function factList(facts: readonly Fact[]): ComponentChild {
  return h(
    "dl",
    null,
    facts.map(([term, value]) => [h("dt", null, term), h("dd", null, value)]),
  );
}

/** The evidence of a finding: its data, field by field. */
export function evidenceOf(data: Readonly<Record<string, unknown>>): readonly Fact[] {
  return Object.entries(data).map(([field, value]) => [
    shown(field),
    h("code", null, shown(typeof value === "string" ? value : safeJson(value))),
  ]);
}
