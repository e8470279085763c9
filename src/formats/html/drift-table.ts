import { type ComponentChild, h } from "preact";
import { changedByText } from "../../render/changed-by.ts";
import { changedFields } from "../../render/changed-fields.ts";
import { accountLabel, nameText } from "../../render/locations.ts";
import { counted } from "../../render/words.ts";
import type { Drift, Report } from "../../schemas/report.ts";
import { shown, wideTable } from "./elements.ts";

const MOST_CHANGES = 500;

/** Renders the rules that changed since the previous audit, before and after; `null` if none did. */
export function driftSection({ drift, registries }: Report): ComponentChild {
  if (drift.length === 0) return null;
  const names = new Map(registries.map(({ account, accountName }) => [account, accountName]));
  const left = drift.length - MOST_CHANGES;
  const shownRules = drift.slice(0, MOST_CHANGES);
  return [
    wideTable(
      "Table of changed rules",
      ["Rule", "Change", "By", "Field", "Before", "After"],
      shownRules.map((change) => changeRows(change, names.get(change.account) ?? null)),
    ),
    left > 0 ? h("p", { class: "note" }, `and ${counted(left, "more rule")}: see the JSON report.`) : null,
  ];
}

function changeRows(drift: Drift, accountName: string | null): ComponentChild {
  const { account, region, prefix, change } = drift;
  const fields = changedFields(drift);
  const span = Math.max(1, fields.length);
  const head = [
    h("th", { scope: "rowgroup", rowSpan: span }, [
      h("code", null, nameText(prefix)),
      h("small", null, `${accountLabel({ account, accountName })} ${nameText(region)}`),
    ]),
    h("td", { rowSpan: span }, change),
    h("td", { rowSpan: span }, changedByText(drift.changedBy)),
  ];
  const [first, ...others] = fields.map(({ name, before, after }) => [
    h("td", null, name),
    h("td", null, fieldValue("del", before)),
    h("td", null, fieldValue("ins", after)),
  ]);
  return h("tbody", null, [
    h("tr", null, [head, first ?? h("td", { colSpan: 3 }, "no field that is compared")]),
    others.map((cells) => h("tr", null, cells)),
  ]);
}

function fieldValue(tag: "del" | "ins", value: string | null): ComponentChild {
  return value === null ? "none" : h(tag, null, h("code", null, shown(value)));
}
