import { type ComponentChild, h } from "preact";
import { ALL_REGIONS } from "../../ecr/registry.ts";
import { accountLabel, nameText } from "../../render/locations.ts";
import { counted, grouped, severityLetters } from "../../render/words.ts";
import { severities } from "../../schemas/finding.ts";
import { capitalized, eachInTurn } from "./elements.ts";
import type { Cell, CellCoverage, CleanAccounts, HeatMap, Row } from "./heat-map.ts";

const cellCoverages = {
  seen: { mark: "\u2713", label: "covered, nothing fails" },
  partial: { mark: "~", label: "partly covered" },
  unreachable: { mark: "?", label: "planned, but not covered" },
  unplanned: { mark: "", label: "not planned" },
} as const satisfies Record<CellCoverage, { mark: string; label: string }>;

/** Renders the map of accounts × regions, and the accounts without failures or gaps. */
export function heatMapSection(map: HeatMap): ComponentChild {
  return [
    map.rows.length === 0 ? null : [legend(), table(map)],
    map.clean.length === 0 ? null : cleanAccounts(map.clean),
    map.rows.length + map.clean.length === 0 ? h("p", null, "No registry is in scope.") : null,
  ];
}

function legend(): ComponentChild {
  return h("ul", { class: "legend" }, [
    severities.map((severity) => legendEntry(severity, severityLetters[severity], capitalized(severity))),
    (["seen", "partial", "unreachable", "unplanned"] as const).map((cellCoverage) =>
      legendEntry(cellCoverage, cellCoverages[cellCoverage].mark, cellCoverages[cellCoverage].label),
    ),
  ]);
}

function legendEntry(name: string, mark: string, label: string): ComponentChild {
  return h("li", null, [h("span", { class: `cell ${name}`, "aria-hidden": true }, mark), label]);
}

function table({ regions, rows }: HeatMap): ComponentChild {
  const frame = { class: "map", role: "region", tabIndex: 0, "aria-label": "Map of accounts and regions" };
  return h(
    "div",
    frame,
    h("table", null, [
      h("caption", null, "The worst finding of each registry"),
      h(
        "thead",
        null,
        h("tr", null, [
          h("th", { scope: "col" }, "Account"),
          regions.map((region) =>
            h(
              "th",
              { scope: "col" },
              h("span", null, region === ALL_REGIONS ? "all regions" : nameText(region)),
            ),
          ),
        ]),
      ),
      h("tbody", null, eachInTurn(rows, tableRow)),
    ]),
  );
}

function tableRow({ account, accountName, cells }: Row): ComponentChild {
  return h("tr", null, [
    h("th", { scope: "row" }, [
      nameText(accountName ?? account),
      accountName === null ? null : h("small", null, nameText(account)),
    ]),
    cells.map((cell) => tableCell(account, cell)),
  ]);
}

function tableCell(account: string, { region, cellCoverage, failing }: Cell): ComponentChild {
  const { mark, label } = cellCoverages[cellCoverage];
  const [worst] = failing;
  if (worst === undefined) {
    return cellCoverage === "unreachable" || cellCoverage === "partial"
      ? h("td", { class: cellCoverage }, link(account, region, label, mark))
      : h("td", { class: cellCoverage }, mark);
  }
  const counts = failing.map(({ severity, count }) => `${grouped(count)} ${severity}`).join(", ");
  const title = cellCoverage === "seen" ? counts : `${counts}; ${label}`;
  const shade = cellCoverage === "seen" ? worst.severity : `${worst.severity} also-${cellCoverage}`;
  return h("td", { class: shade }, link(account, region, title, severityLetters[worst.severity]));
}

/** Links to the entries of a registry: the script reads the fragment as a filter. */
function link(account: string, region: string, title: string, text: string): ComponentChild {
  const fragment = new URLSearchParams({ account: nameText(account), region: nameText(region) });
  return h("a", { href: `#${fragment}`, title }, text);
}

function cleanAccounts(groups: readonly CleanAccounts[]): ComponentChild {
  const count = groups.reduce((sum, { accounts }) => sum + accounts.length, 0);
  return h("details", { class: "clean" }, [
    h("summary", null, `${counted(count, "account")} fully covered with nothing failing`),
    groups.map(({ regions, accounts }) => [
      h("h3", null, `${grouped(accounts.length)} in ${regions.map(nameText).join(", ")}`),
      h("p", null, accounts.map(accountLabel).join(", ")),
    ]),
  ]);
}
