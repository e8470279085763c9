import { type ComponentChild, h } from "preact";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { Finding, Severity } from "../../schemas/finding.ts";

const LONGEST_TEXT = 2_000;

/**
 * Prepares collected text for the page: control and invisible characters become visible, and long text is cut. The
 * renderer escapes markup.
 */
export function shown(text: string): string {
  return inlineText(cutToCharacters(text, LONGEST_TEXT));
}

/** Capitalizes the first letter of a text. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Renders a severity as a mark that is readable without its colour. */
export function severityMark(severity: Severity): ComponentChild {
  return h("span", { class: `sev ${severity}` }, capitalized(severity));
}

/** Renders a table that scrolls, also by keyboard, if it is wider than the page. */
export function wideTable(label: string, heads: readonly string[], bodies: ComponentChild): ComponentChild {
  const columns = heads.map((head) => h("th", { scope: "col" }, head));
  return scrollable(label, h("table", null, [h("thead", null, h("tr", null, columns)), bodies]));
}

/** Renders content that may be wider than the page. */
export function scrollable(label: string, content: ComponentChild): ComponentChild {
  return h("div", { class: "wide", role: "region", tabIndex: 0, "aria-label": label }, content);
}

/**
 * Renders each item only when the renderer gets to it. The elements of a long list would otherwise all be in memory at
 * once (docs/performance.md).
 */
export function eachInTurn<Item>(
  items: readonly Item[],
  render: (item: Item) => ComponentChild,
): ComponentChild {
  return items.map((item) => h(() => render(item), null));
}

/** A term and its value. */
export type Fact = readonly [term: string, value: ComponentChild];

/** Renders facts as a definition list. */
export function factList(facts: readonly Fact[]): ComponentChild {
  return h(
    "dl",
    null,
    facts.map(([term, value]) => [h("dt", null, term), h("dd", null, value)]),
  );
}

/** Renders an address of the web as a link. Anything else stays text, because a script can be an address too. */
export function link(url: string): ComponentChild {
  const text = shown(url);
  return /^https?:/.test(url) ? h("a", { href: url, rel: "noreferrer" }, text) : text;
}

/** Renders steps. Each command can be copied by its button. */
export function stepList(steps: Finding["steps"], introduction = ""): ComponentChild {
  return steps.map(({ text, commands }, index) => [
    h("p", null, `${index === 0 ? introduction : ""}${shown(text)}`),
    commands.map((command) =>
      h("div", null, [
        h("pre", { class: "command" }, h("code", null, inlineText(command))),
        h("button", { type: "button", class: "copy" }, "Copy"),
      ]),
    ),
  ]);
}

/** Returns the evidence of a finding: its data, field by field. */
export function evidenceOf(data: Readonly<Record<string, unknown>>): readonly Fact[] {
  return Object.entries(data).map(([field, value]) => [
    shown(field),
    h("code", null, shown(typeof value === "string" ? value : safeJson(value))),
  ]);
}
