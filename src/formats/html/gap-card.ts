import { type ComponentChild, h } from "preact";
import { registryKey } from "../../ecr/registry.ts";
import { reasonAdvice } from "../../facts/reason-advice.ts";
import type { GapGroup } from "../../render/group.ts";
import { nameText } from "../../render/locations.ts";
import { counted } from "../../render/words.ts";
import type { CoverageGap } from "../../schemas/report.ts";
import { cardOf, row } from "./card.ts";
import type { Context } from "./context.ts";
import { eachInTurn, factList, shown } from "./elements.ts";

/** Renders the gaps with one reason and operation as a card: what failed, where, and what to do. */
export function gapCard(id: string, group: GapGroup, context: Context): ComponentChild {
  const { reason, operation, gaps, details } = group;
  const { title, advice } = reasonAdvice[reason];
  const examples = details
    .slice(0, 1)
    .map(({ detail, exact }) => `${exact ? "" : "For example: "}${shown(detail)}`);
  return cardOf(
    { id, status: "unseen", severity: null, check: null, requirements: [] },
    {
      mark: h("span", { class: "sev unseen" }, "Not covered"),
      title: [title, " ", h("code", null, nameText(operation))],
      extent: gapExtent(gaps),
    },
    [
      factList([["What to do", advice]]),
      examples.map((sentence) => h("p", null, sentence)),
      eachInTurn(gaps, (gap) => gapRow(gap, context)),
    ],
  );
}

/** Counts the registries of some gaps: `4 registries in 2 accounts`. */
export function gapExtent(gaps: readonly CoverageGap[]): string {
  const registries = new Set(gaps.map(registryKey)).size;
  const accounts = new Set(gaps.map(({ account }) => account)).size;
  return `${counted(registries, "registry", "registries")} in ${counted(accounts, "account")}`;
}

function gapRow(gap: CoverageGap, { unitsOf }: Context): ComponentChild {
  return row(
    { ...gap, organizationalUnits: unitsOf(gap.account), owners: [], change: null, causeId: null },
    { what: gap.prefixes, state: gap.state === "partial" ? "partly covered" : "unreachable" },
    [["Error", h("code", null, shown(gap.detail))]],
  );
}
