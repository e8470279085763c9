import { type ComponentChild, h } from "preact";
import { ALL_REGIONS } from "../../ecr/registry.ts";
import { nameText } from "../../render/locations.ts";
import type { Severity } from "../../schemas/finding.ts";
import { type Fact, factList } from "./elements.ts";
import type { ListingStatus } from "./listing.ts";

/** What rows are filtered by: location, owner, change and cause. */
type RowLocation = {
  readonly account: string;
  readonly accountName: string | null;
  /** `*` for all regions of the account. */
  readonly region: string;
  readonly organizationalUnits: readonly string[];
  /** The owners of the finding and of the waiver in effect. */
  readonly owners: readonly string[];
  /** How it changed since the previous audit; `null` for unchanged. */
  readonly change: string | null;
  readonly causeId: string | null;
};

/** Renders one location as a line that unfolds to show its facts. */
export function row(
  { account, accountName, region, organizationalUnits, owners, change, causeId }: RowLocation,
  { what, state }: { readonly what: readonly string[]; readonly state: ComponentChild },
  facts: readonly Fact[],
): ComponentChild {
  const attributes = {
    class: "row",
    "data-a": nameText(account),
    "data-r": nameText(region),
    "data-o": organizationalUnits.map(nameText).join(" ") || undefined,
    "data-w": owners.map(nameText).join("\n") || undefined,
    "data-x": change ?? undefined,
    "data-k": causeId ?? undefined,
  };
  return h("details", attributes, [
    h("summary", null, [
      h("b", null, nameText(accountName ?? account)),
      h("span", null, accountName === null ? "" : nameText(account)),
      h("span", null, region === ALL_REGIONS ? "all regions" : nameText(region)),
      what.length === 0 ? h("i", null, "whole registry") : h("code", null, what.map(nameText).join(", ")),
      h("span", { class: "state" }, state),
    ]),
    factList(facts),
  ]);
}

/** What a card is filtered by, apart from its rows. */
type CardFace = {
  readonly id: string;
  readonly status: ListingStatus;
  readonly severity: Severity | null;
  readonly check: string | null;
  readonly requirements: readonly string[];
};

/** What a folded card shows. */
type CardHead = {
  readonly mark: ComponentChild;
  readonly title: ComponentChild;
  readonly extent: string;
};

/** Renders a card that can be unfolded. */
export function cardOf(
  { id, status, severity, check, requirements }: CardFace,
  { mark, title, extent }: CardHead,
  body: ComponentChild,
): ComponentChild {
  const attributes = {
    class: "card",
    id,
    "data-t": status,
    "data-s": severity ?? undefined,
    "data-c": check === null ? undefined : nameText(check),
    "data-q": requirements.map(nameText).join("\n") || undefined,
  };
  return h("details", attributes, [
    h("summary", null, [mark, h("span", { class: "title" }, title), h("span", { class: "extent" }, extent)]),
    body,
  ]);
}
