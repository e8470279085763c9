import { type ComponentChild, h } from "preact";
import { nameText } from "../places.ts";
import { type Fact, factList } from "./facts.ts";

/** Where something is, and who answers for it: what rows are filtered by. */
export type RowPlace = {
  readonly account: string;
  readonly accountName: string | null;
  /** `*` for all regions of the account. */
  readonly region: string;
  readonly organizationalUnits: readonly string[];
  /** The owner of the waiver that holds; `null` for none. */
  readonly owner: string | null;
};

/** One place in one line, and folded behind it the facts. */
export function row(
  { account, accountName, region, organizationalUnits, owner }: RowPlace,
  { what, state }: { readonly what: readonly string[]; readonly state: ComponentChild },
  facts: readonly Fact[],
): ComponentChild {
  const attributes = {
    class: "row",
    "data-a": nameText(account),
    "data-r": nameText(region),
    "data-o": organizationalUnits.map(nameText).join(" ") || undefined,
    "data-w": owner === null ? undefined : nameText(owner),
  };
  return h("details", attributes, [
    h("summary", null, [
      h("b", null, nameText(accountName ?? account)),
      h("span", null, accountName === null ? "" : nameText(account)),
      h("span", null, region === "*" ? "all regions" : nameText(region)),
      what.length === 0 ? h("i", null, "whole registry") : h("code", null, what.map(nameText).join(", ")),
      h("span", { class: "state" }, state),
    ]),
    factList(facts),
  ]);
}
