import { type ComponentChild, h } from "preact";
import { severities as allSeverities, type Severity } from "../../model/finding.ts";
import type { Report } from "../../model/report.ts";
import { accountLabel, nameText } from "../places.ts";
import { type Listing, listingTitles } from "./listing.ts";
import { capitalized } from "./texts.ts";

/** A value that can be chosen, and how it reads. */
type Choice = readonly [value: string, label: string];

/** The form that filters findings; it is of no use, and not shown, without the script. */
export function filterForm(report: Report, listings: readonly Listing[]): ComponentChild {
  const fields = choicesOf(report, listings);
  const severities = severitiesIn(listings);
  return h(
    "form",
    { id: "filters", class: "scripted", role: "search", "aria-label": "Filter the findings" },
    [
      h("label", { class: "search" }, [
        "Search",
        h("input", {
          type: "search",
          name: "q",
          autocomplete: "off",
          spellcheck: false,
          "aria-keyshortcuts": "/",
        }),
      ]),
      severities.length === 0 ? null : severityField(severities),
      fields.map(([name, label, choices]) =>
        h("label", null, [
          label,
          h("select", { name }, [
            h("option", { value: "" }, "all"),
            choices.map(([value, text]) => h("option", { value }, text)),
          ]),
        ]),
      ),
      h("div", { class: "actions" }, [
        h("output", { name: "count", "aria-live": "polite" }),
        h("button", { type: "reset" }, "Clear"),
        h("button", { type: "button", id: "unfold" }, "Unfold all"),
      ]),
    ],
  );
}

function severityField(severities: readonly Severity[]): ComponentChild {
  return h("fieldset", null, [
    h("legend", null, "Severity"),
    severities.map((severity) =>
      h("label", { class: "chip" }, [
        h("input", { type: "checkbox", name: "severity", value: severity }),
        capitalized(severity),
      ]),
    ),
  ]);
}

function severitiesIn(listings: readonly Listing[]): readonly Severity[] {
  const named = new Set(
    listings.flatMap(({ entries }) =>
      entries.map((entry) => entry.kind === "problem" && entry.problem.severity),
    ),
  );
  return allSeverities.filter((severity) => named.has(severity));
}

type Field = readonly [name: string, label: string, choices: readonly Choice[]];

/** The fields in which there is something to choose from. */
function choicesOf(report: Report, listings: readonly Listing[]): readonly Field[] {
  const problems = listings.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === "problem" ? [entry.problem] : [])),
  );
  const findings = problems.flatMap((problem) => problem.findings);
  const { gaps } = report.coverage;
  const places = [...findings, ...gaps];
  const fields: readonly Field[] = [
    ["status", "Status", listings.map(({ status }) => [status, listingTitles[status]])],
    ["account", "Account", places.map((place) => [nameText(place.account), accountLabel(place)])],
    ["ou", "Organizational unit", named(findings.flatMap(({ organizationalUnits }) => organizationalUnits))],
    ["region", "Region", named(places.map(({ region }) => region).filter((region) => region !== "*"))],
    ["check", "Check", named(problems.map(({ check }) => check))],
    ["owner", "Owner of the waiver", named(findings.flatMap(({ waiver }) => waiver?.owner ?? []))],
  ];
  return fields
    .map(([name, label, choices]): Field => [name, label, name === "status" ? choices : distinct(choices)])
    .filter(([, , choices]) => choices.length > 0);
}

function named(names: readonly string[]): readonly Choice[] {
  return names.map((name) => [nameText(name), nameText(name)]);
}

function distinct(choices: readonly Choice[]): readonly Choice[] {
  return [...new Map(choices)].sort(([, one], [, other]) => (one < other ? -1 : 1));
}
