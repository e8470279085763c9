/** One row of a card: a location. */
export type Row = {
  readonly element: HTMLElement;
  readonly account: string;
  readonly region: string;
  readonly units: readonly string[];
  readonly owners: readonly string[];
  readonly change: string;
  readonly cause: string;
  /** The row's text, for the search; read lazily. */
  readonly text: () => string;
};

/** One problem, or the gaps with one reason. */
export type Card = {
  readonly element: HTMLDetailsElement;
  readonly status: string;
  readonly severity: string;
  readonly check: string;
  readonly requirements: readonly string[];
  /** The title, for the search. */
  readonly text: string;
  readonly rows: readonly Row[];
};

/** The cards under one heading. */
export type Group = { readonly element: HTMLElement; readonly cards: readonly Card[] };

/** Reads the cards of the page. */
export function readGroups(): readonly Group[] {
  return Array.from(document.querySelectorAll<HTMLElement>(".listing"), (element) => ({
    element,
    cards: Array.from(element.querySelectorAll<HTMLDetailsElement>(".card"), readCard),
  }));
}

function readCard(element: HTMLDetailsElement): Card {
  const { t = "", s = "", c = "", q = "" } = element.dataset;
  const title = element.querySelector(".title")?.textContent ?? "";
  const text = `${title} ${c}`.toLowerCase();
  const rows = Array.from(element.querySelectorAll<HTMLElement>(".row"), readRow);
  return { element, status: t, severity: s, check: c, requirements: q.split("\n"), text, rows };
}

function readRow(element: HTMLElement): Row {
  const { a = "", r = "", o = "", w = "", x = "", k = "" } = element.dataset;
  let text: string | null = null;
  return {
    element,
    account: a,
    region: r,
    units: o.split(" "),
    owners: w.split("\n"),
    change: x,
    cause: k,
    text: () => {
      text ??= (element.textContent ?? "").toLowerCase();
      return text;
    },
  };
}
