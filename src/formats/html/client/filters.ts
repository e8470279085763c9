import type { Card, Row } from "./cards.ts";
import { type Group, readGroups } from "./cards.ts";

/** The selected filters, as encoded in the page's fragment. */
type WantedFilters = URLSearchParams;

/** Parses the filters in a fragment; `null` if the fragment is an anchor. */
function filtersIn(hash: string): WantedFilters | null {
  const fragment = hash.slice(1);
  return fragment === "" || fragment.includes("=") ? new URLSearchParams(fragment) : null;
}

/** Returns predicates for the cards and rows that match the filters. */
function filterBy(wantedFilters: WantedFilters) {
  const wantedFilter = (name: string) => wantedFilters.get(name) ?? "";
  const severities = wantedFilters.getAll("severity");
  const [status, check, account, region] = [
    wantedFilter("status"),
    wantedFilter("check"),
    wantedFilter("account"),
    wantedFilter("region"),
  ];
  const [unit, owner] = [wantedFilter("ou"), wantedFilter("owner")];
  const requirement = wantedFilter("requirement");
  const [change, cause] = [wantedFilter("change"), wantedFilter("cause")];
  const words = wantedFilter("q").toLowerCase().split(/\s+/).filter(Boolean);
  const takes = (wanted: string, value: string) => wanted === "" || wanted === value;

  return {
    card: (card: Card): boolean =>
      takes(status, card.status) &&
      takes(check, card.check) &&
      (requirement === "" || card.requirements.includes(requirement)) &&
      (severities.length === 0 || severities.includes(card.severity)),
    row: (row: Row, card: Card): boolean =>
      takes(account, row.account) &&
      (takes(region, row.region) || row.region === "*") &&
      (unit === "" || row.units.includes(unit)) &&
      (owner === "" || row.owners.includes(owner)) &&
      takes(change, row.change) &&
      takes(cause, row.cause) &&
      words.every((word) => card.text.includes(word) || row.text().includes(word)),
  };
}

const MOST_UNFOLDED = 3;
const TYPING_MS = 120;

/** Filters the findings by the form, and stores the filters in the page's fragment. */
export function startFilters(): void {
  const form = document.querySelector<HTMLFormElement>("#filters");
  if (form === null) return;
  const groups = readGroups();
  const show = (wantedFilters: WantedFilters) => showWanted(groups, wantedFilters, form);
  const applyForm = () => {
    const wantedFilters = wantedFiltersOf(form);
    history.replaceState(null, "", `#${wantedFilters}`);
    show(wantedFilters);
  };
  let typing = 0;
  form.addEventListener("input", ({ target }) => {
    clearTimeout(typing);
    const isText = target instanceof HTMLInputElement && target.type === "search";
    typing = window.setTimeout(applyForm, isText ? TYPING_MS : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields are reset only after the event.
  form.addEventListener("reset", () => window.setTimeout(applyForm));
  addEventListener("hashchange", () => follow(form, groups, show));
  offerUnfolding(groups);
  follow(form, groups, show);
}

/** Applies the fragment: filters by it, or unfolds the card that it refers to. */
function follow(
  form: HTMLFormElement,
  groups: readonly Group[],
  show: (wantedFilters: WantedFilters) => void,
): void {
  const wantedFilters = filtersIn(location.hash);
  if (wantedFilters === null) {
    unfold(document.getElementById(location.hash.slice(1)));
    return;
  }
  fill(form, wantedFilters);
  show(wantedFilters);
  if (wantedFilters.size === 0) return;
  const shown = groups.flatMap(({ cards }) => cards).filter(({ element }) => !element.hidden);
  if (shown.length <= MOST_UNFOLDED) for (const { element } of shown) element.open = true;
  document.querySelector("#findings")?.scrollIntoView();
}

function unfold(element: HTMLElement | null): void {
  if (!(element instanceof HTMLDetailsElement)) return;
  element.open = true;
  element.scrollIntoView();
  element.querySelector("summary")?.focus();
}

function wantedFiltersOf(form: HTMLFormElement): WantedFilters {
  const filled = [...new FormData(form)].filter((field): field is [string, string] => {
    return typeof field[1] === "string" && field[1] !== "";
  });
  return new URLSearchParams(filled);
}

function fill(form: HTMLFormElement, wantedFilters: WantedFilters): void {
  for (const field of form.elements) {
    if (field instanceof HTMLSelectElement) field.value = wantedFilters.get(field.name) ?? "";
    if (!(field instanceof HTMLInputElement)) continue;
    if (field.type === "checkbox") field.checked = wantedFilters.getAll(field.name).includes(field.value);
    else field.value = wantedFilters.get(field.name) ?? "";
  }
}

function showWanted(groups: readonly Group[], wantedFilters: WantedFilters, form: HTMLFormElement): void {
  const filter = filterBy(wantedFilters);
  let [shown, all] = [0, 0];
  for (const { element, cards } of groups) {
    const before = shown;
    for (const card of cards) {
      const isWanted = filter.card(card);
      let rows = 0;
      for (const row of card.rows) {
        const isRowWanted = isWanted && filter.row(row, card);
        if (row.element.hidden === isRowWanted) row.element.hidden = !isRowWanted;
        if (isRowWanted) rows += 1;
      }
      card.element.hidden = rows === 0;
      shown += rows;
      all += card.rows.length;
    }
    element.hidden = shown === before;
  }
  const count = form.querySelector("output");
  if (count !== null) count.value = shown === all ? `All ${all} shown` : `${shown} of ${all} shown`;
}

function offerUnfolding(groups: readonly Group[]): void {
  const button = document.querySelector("#unfold");
  button?.addEventListener("click", () => {
    const shown = groups.flatMap(({ cards }) => cards).filter(({ element }) => !element.hidden);
    const isOpening = shown.some(({ element }) => !element.open);
    for (const { element } of shown) element.open = isOpening;
    button.textContent = isOpening ? "Fold all" : "Unfold all";
  });
}
