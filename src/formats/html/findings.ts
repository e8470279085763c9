import { type ComponentChild, h } from "preact";
import { ALL_REGIONS } from "../../ecr/registry.ts";
import { causeText, sharedCauses } from "../../render/causes.ts";
import { accountLabel, nameText } from "../../render/locations.ts";
import { counted, grouped } from "../../render/words.ts";
import { severities as allSeverities, type Finding, type Severity } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";
import type { Context } from "./context.ts";
import { capitalized } from "./elements.ts";
import { gapCard } from "./gap-card.ts";
import { type Entry, type Listing, listingTitles } from "./listing.ts";
import { problemCard } from "./problem-card.ts";

/** A value of a filter, and its label. */
type Choice = readonly [value: string, label: string];

/** Renders the form that filters findings. It is hidden without the script that it needs. */
function filterForm(report: Report, listings: readonly Listing[], context: Context): ComponentChild {
  const fields = choicesOf(report, listings, context);
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

/** Returns the filter fields that have at least one choice. */
function choicesOf(report: Report, listings: readonly Listing[], { isCompared }: Context): readonly Field[] {
  const problems = listings.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === "problem" ? [entry.problem] : [])),
  );
  const findings = problems.flatMap((problem) => problem.findings);
  const { gaps } = report.coverage;
  const locations = [...findings, ...gaps];
  const fields: readonly Field[] = [
    ["status", "Status", listings.map(({ status }) => [status, listingTitles[status]])],
    ["account", "Account", locations.map((location) => [nameText(location.account), accountLabel(location)])],
    ["ou", "Organizational unit", named(findings.flatMap(({ organizationalUnits }) => organizationalUnits))],
    [
      "region",
      "Region",
      named(locations.map(({ region }) => region).filter((region) => region !== ALL_REGIONS)),
    ],
    ["check", "Check", named(problems.map(({ check }) => check))],
    ["requirement", "Requirement", named(findings.flatMap(({ requirements }) => requirements))],
    [
      "owner",
      "Owner",
      named(findings.flatMap(({ owner, waiver }) => [owner?.name ?? [], waiver?.owner ?? []].flat())),
    ],
    ["change", "Change", changeChoices(findings, isCompared)],
    ["cause", "Cause", causeChoices(findings)],
  ];
  return fields
    .map(([name, label, choices]): Field => [name, label, inOrder.has(name) ? choices : distinct(choices)])
    .filter(([, , choices]) => choices.length > 0);
}

/** The fields whose choices have an order of their own. */
const inOrder: ReadonlySet<string> = new Set(["status", "change", "cause"]);

/** A list that is longer than this helps nobody to choose. */
const MOST_CAUSES = 200;

/** Offers the changes that findings went through. Without a previous audit, nothing is new. */
function changeChoices(findings: readonly Finding[], isCompared: boolean): readonly Choice[] {
  const went = new Set(findings.map(({ transition }) => transition));
  const choices = [
    ["opened", "new", isCompared],
    ["changed", "changed", isCompared],
    ["reminded", "reminder", isCompared],
    ["resolved", "resolved", true],
  ] as const;
  return choices
    .filter(([transition, , isOffered]) => isOffered && went.has(transition))
    .map(([, value]): Choice => [value, value]);
}

/** Offers the causes that several findings share, those with the most findings first. */
function causeChoices(findings: readonly Finding[]): readonly Choice[] {
  return sharedCauses(findings)
    .slice(0, MOST_CAUSES)
    .map(({ cause, findings: count }): Choice => [cause.id, `${causeText(cause)} (${grouped(count)})`]);
}

function named(names: readonly string[]): readonly Choice[] {
  return names.map((name) => [nameText(name), nameText(name)]);
}

function distinct(choices: readonly Choice[]): readonly Choice[] {
  return [...new Map(choices)].sort(([, one], [, other]) => (one < other ? -1 : 1));
}

/** Renders all entries by status, with the form that filters them. */
export function findingsSection(
  report: Report,
  listings: readonly Listing[],
  context: Context,
): ComponentChild {
  const cardFor = ({ status }: Listing, entry: Entry) =>
    entry.kind === "gaps"
      ? gapCard(entry.id, entry.group, context)
      : problemCard(entry.id, status, entry.problem, context);
  return [
    listings.length === 0
      ? h("p", null, "No findings: every registry in scope was covered, and every check passed.")
      : filterForm(report, listings, context),
    listings.map((listing) =>
      h("section", { class: "listing" }, [
        h("h3", null, `${listingTitles[listing.status]} (${grouped(listing.count)})`),
        listing.entries.map((entry) => cardFor(listing, entry)),
        omittedNote(listing),
      ]),
    ),
    explainedNote(report, listings),
  ];
}

function omittedNote({ omitted }: Listing): ComponentChild {
  if (omitted === 0) return null;
  return h(
    "p",
    { class: "note" },
    `${counted(omitted, "less severe finding")} not listed on this page. The JSON and CSV reports list all findings.`,
  );
}

function explainedNote({ summary }: Report, listings: readonly Listing[]): ComponentChild {
  const listed = listings.find(({ status }) => status === "unknown")?.count ?? 0;
  const explained = summary.findings.UNKNOWN - listed;
  const notes = [
    ...(explained > 0
      ? [`${counted(explained, "more check")} could not be evaluated because data was missing`]
      : []),
    `${counted(summary.findings.PASS, "passing check")} not listed`,
  ];
  return h("p", { class: "note" }, `${notes.join("; ")}.`);
}
