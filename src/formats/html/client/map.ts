/** Makes the map a single tab stop; the arrow keys move between its cells. */
export function rove(): void {
  const map = document.querySelector(".map");
  const links = Array.from(map?.querySelectorAll("a") ?? []);
  for (const link of links.slice(1)) link.tabIndex = -1;
  map?.addEventListener("keydown", (event) => {
    const from = event.target;
    if (!(event instanceof KeyboardEvent) || !(from instanceof HTMLAnchorElement)) return;
    const to = neighbour(from, event.key);
    if (to === null) return;
    event.preventDefault();
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  });
}

const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Returns the next link in a direction, skipping cells without a link. */
function neighbour(from: HTMLAnchorElement, key: string): HTMLAnchorElement | null {
  const [step, cell] = [steps[key], from.closest("td")];
  const row = cell?.closest("tr");
  const rows = row?.parentElement?.children;
  if (step === undefined || !cell || !row || rows === undefined) return null;
  const at = { row: Array.prototype.indexOf.call(rows, row), column: cell.cellIndex };
  for (;;) {
    at.row += step[0];
    at.column += step[1];
    const next = rows[at.row]?.children[at.column];
    if (next === undefined) return null;
    const link = next.querySelector("a");
    if (link !== null) return link;
  }
}
