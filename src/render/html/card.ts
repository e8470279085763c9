import { type ComponentChild, h } from "preact";
import type { Severity } from "../../model/finding.ts";
import { nameText } from "../places.ts";
import type { ListingStatus } from "./listing.ts";

/** What a card is filtered by, its rows aside. */
export type CardFace = {
  readonly id: string;
  readonly status: ListingStatus;
  readonly severity: Severity | null;
  readonly check: string | null;
};

/** What of a card is seen while it is folded. */
export type CardHead = {
  readonly mark: ComponentChild;
  readonly title: ComponentChild;
  readonly extent: string;
};

/** A card that can be unfolded. */
export function cardOf(
  { id, status, severity, check }: CardFace,
  { mark, title, extent }: CardHead,
  body: ComponentChild,
): ComponentChild {
  const attributes = {
    class: "card",
    id,
    "data-t": status,
    "data-s": severity ?? undefined,
    "data-c": check === null ? undefined : nameText(check),
  };
  return h("details", attributes, [
    h("summary", null, [mark, h("span", { class: "title" }, title), h("span", { class: "extent" }, extent)]),
    body,
  ]);
}
