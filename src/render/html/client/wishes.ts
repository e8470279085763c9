import type { Card, Row } from "./cards.ts";

/** What the reader wants to see: the fields of the filter, as they stand in the page's fragment. */
export type Wishes = URLSearchParams;

/** The fragment's wishes, or `null` for a fragment that is an anchor. */
export function wishesIn(hash: string): Wishes | null {
  const fragment = hash.slice(1);
  return fragment === "" || fragment.includes("=") ? new URLSearchParams(fragment) : null;
}

/** Tells which cards and rows are wished for. */
export function filterBy(wishes: Wishes) {
  const wish = (name: string) => wishes.get(name) ?? "";
  const severities = wishes.getAll("severity");
  const [status, check, account, region] = [wish("status"), wish("check"), wish("account"), wish("region")];
  const [unit, owner] = [wish("ou"), wish("owner")];
  const words = wish("q").toLowerCase().split(/\s+/).filter(Boolean);
  const takes = (wanted: string, value: string) => wanted === "" || wanted === value;

  return {
    card: (card: Card): boolean =>
      takes(status, card.status) &&
      takes(check, card.check) &&
      (severities.length === 0 || severities.includes(card.severity)),
    row: (row: Row, card: Card): boolean =>
      takes(account, row.account) &&
      (takes(region, row.region) || row.region === "*") &&
      (unit === "" || row.units.includes(unit)) &&
      takes(owner, row.owner) &&
      words.every((word) => card.text.includes(word) || row.text().includes(word)),
  };
}
