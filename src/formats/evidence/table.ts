import { type ComponentChild, h } from "preact";
import { grouped } from "../../render/words.ts";
import { shown } from "../html/elements.ts";

/** What a cell shows: a list has a line for each text; `null`: there is no such number. */
export type Cell = string | number | null | readonly string[];

/** The most rows of a table that is printed on one page. */
const SHORT = 8;

/** Renders a section with one table. A column of numbers is aligned to the right. */
export function section(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  note?: string,
): ComponentChild {
  if (rows.length === 0) return [h("h2", null, title), h("p", { class: "quiet" }, "None.")];
  const numeric = heads.map((_head, column) =>
    rows.every((row) => typeof row[column] === "number" || row[column] === null),
  );
  const classOf = (column: number) => (numeric[column] === true ? "n" : undefined);
  const cellOf = (cell: Cell, column: number) => {
    if (cell === null) return h("td", { class: classOf(column) }, "–");
    if (typeof cell === "number") return h("td", { class: classOf(column) }, grouped(cell));
    if (typeof cell !== "string") return h("td", null, linesOf(cell));
    return isWhole(cell) ? h("td", { class: "d" }, shown(cell)) : h("td", null, breakable(shown(cell)));
  };
  const columns = heads.map((head, column) => h("th", { scope: "col", class: classOf(column) }, head));
  const body = rows.map((row) => h("tr", null, row.map(cellOf)));
  const size = rows.length <= SHORT ? "wide short" : "wide";
  return [
    h("h2", null, title),
    note === undefined ? null : h("p", { class: "quiet" }, note),
    h("div", { class: size, role: "region", tabIndex: 0, "aria-label": title }, [
      h("table", null, [h("thead", null, h("tr", null, columns)), h("tbody", null, body)]),
    ]),
  ];
}

function linesOf(texts: readonly string[]): ComponentChild {
  return texts.length === 0 ? "–" : texts.map((text) => h("div", null, breakable(shown(text))));
}

/** Whether a cell is a short word or a time: it is not broken into two lines. */
function isWhole(cell: string): boolean {
  return /^(\S{1,25}|\d{4}-\d\d-\d\d \d\d:\d\d)$/.test(cell);
}

/**
 * A text that may be broken between words, after the separators of an ARN or a path, and within a long word without any,
 * but not within a day.
 */
function breakable(text: string): readonly ComponentChild[] {
  return text.split(/\b(\d{4}-\d\d-\d\d)\b/).flatMap((part, index): readonly ComponentChild[] => {
    if (index % 2 === 1) return [h("span", { class: "d" }, part)];
    const pieces = part.match(/[^\s:/]{1,30}[:/\s]*|[:/\s]+/gu) ?? [];
    return pieces.flatMap((piece, at) =>
      at === 0 || /\s$/.test(pieces[at - 1] ?? "") ? [piece] : [h("wbr", null), piece],
    );
  });
}
