import { type ComponentChild, h } from "preact";

/** A table that scrolls by itself, by keyboard too, where it is wider than the page. */
export function wideTable(label: string, heads: readonly string[], bodies: ComponentChild): ComponentChild {
  const columns = heads.map((head) => h("th", { scope: "col" }, head));
  return scrollable(label, h("table", null, [h("thead", null, h("tr", null, columns)), bodies]));
}

/** Something that may be wider than the page. */
export function scrollable(label: string, content: ComponentChild): ComponentChild {
  return h("div", { class: "wide", role: "region", tabIndex: 0, "aria-label": label }, content);
}
