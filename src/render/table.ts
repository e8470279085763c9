import { displayWidth, padTo } from "./layout.ts";
import { labelled, type Page, prose } from "./page.ts";

const GAP = "  ";

/**
 * Renders rows of inline texts under their column heads. If the page is too narrow for the table, each row becomes a
 * paragraph: its first cell, then each other cell after its column head.
 */
export function tableLines(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  page: Page,
): readonly string[] {
  const widths = heads.map((head, column) =>
    Math.max(...[head, ...rows.map((row) => row[column] ?? "")].map(displayWidth)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => padTo(cell, widths[column] ?? 0))
      .join(GAP)
      .trimEnd();
  const total = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  if (total <= page.width) return [page.paint.bold(line(heads)), ...rows.map(line)];
  return rows.flatMap((row) => stacked(heads, row, page));
}

function stacked(heads: readonly string[], [first = "", ...others]: readonly string[], page: Page) {
  const [, ...labels] = heads;
  const column = Math.max(...labels.map(displayWidth)) + 2 * GAP.length;
  const lines = others.flatMap((cell, index) => {
    if (cell === "") return [];
    const label = `${GAP}${labels[index] ?? ""}`;
    // There is not enough room beside a label that takes half of the page.
    return column > page.width / 2
      ? [label, ...prose(cell, 2 * GAP.length, page)]
      : labelled(label, cell, column, page);
  });
  return [page.paint.bold(first), ...lines];
}
