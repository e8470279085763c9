import { type ComponentChild, h } from "preact";
import { changedFields } from "../../render/changed-fields.ts";
import { accountLabel, nameText } from "../../render/places.ts";
import { counted } from "../../render/words.ts";
import type { Drift, Report } from "../../schemas/report.ts";
import { shown, wideTable } from "./elements.ts";

const MOST_CHANGES = 500;

/** The rules that changed since the audit before, before and after; nothing when none did. */
export function driftSection({ drift, registries }: Report): ComponentChild {
  if (drift.length === 0) return null;
  const names = new Map(registries.map(({ account, accountName }) => [account, accountName]));
  const left = drift.length - MOST_CHANGES;
  const shownRules = drift.slice(0, MOST_CHANGES);
  return [
    wideTable(
      "Table of changed rules",
      ["Rule", "Change", "What", "Before", "After"],
      shownRules.map((change) => changeRows(change, names.get(change.account) ?? null)),
    ),
    left > 0
      ? h("p", { class: "note" }, `and ${counted(left, "more rule")}, which stand in the report's JSON.`)
      : null,
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
  ];
  const [first, ...others] = fields.map(({ name, before, after }) => [
    h("td", null, name),
    h("td", null, partOf("del", before)),
    h("td", null, partOf("ins", after)),
  ]);
  return h("tbody", null, [
    h("tr", null, [head, first ?? h("td", { colSpan: 3 }, "nothing that rules are compared by")]),
    others.map((cells) => h("tr", null, cells)),
  ]);
}

function partOf(tag: "del" | "ins", value: string | null): ComponentChild {
  return value === null ? "none" : h(tag, null, h("code", null, shown(value)));
}
