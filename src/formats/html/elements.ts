import { type ComponentChild, h } from "preact";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { Severity } from "../../schemas/finding.ts";

const LONGEST_TEXT = 2_000;

/**
 * Collected text as it may stand on the page: what steers or hides is made visible, and what is too long is cut.
 * Markup in it is escaped by the renderer.
 */
export function shown(text: string): string {
  return inlineText(cutToCharacters(text, LONGEST_TEXT));
}

/** A text with a capital at its beginning. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A severity as a mark that does without its colour. */
export function severityMark(severity: Severity): ComponentChild {
  return h("span", { class: `sev ${severity}` }, capitalized(severity));
}

/** A table that scrolls by itself, by keyboard too, where it is wider than the page. */
export function wideTable(label: string, heads: readonly string[], bodies: ComponentChild): ComponentChild {
  const columns = heads.map((head) => h("th", { scope: "col" }, head));
  return scrollable(label, h("table", null, [h("thead", null, h("tr", null, columns)), bodies]));
}

/** Something that may be wider than the page. */
export function scrollable(label: string, content: ComponentChild): ComponentChild {
  return h("div", { class: "wide", role: "region", tabIndex: 0, "aria-label": label }, content);
}

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
