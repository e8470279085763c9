import { type ComponentChild, h } from "preact";
import type { Report } from "../../model/report.ts";
import { counted, grouped } from "../words.ts";
import type { Context } from "./context.ts";
import { filterForm } from "./filters.ts";
import { gapCard } from "./gap-card.ts";
import { type Entry, type Listing, listingTitles } from "./listing.ts";
import { problemCard } from "./problem-card.ts";

/** All that there is to tell, by status, with the form that filters it. */
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
      ? h("p", null, "Nothing to tell: all that was asked for was seen, and all of it passes.")
      : filterForm(report, listings),
    listings.map((listing) =>
      h("section", { class: "listing" }, [
        h("h3", null, `${listingTitles[listing.status]} (${grouped(listing.count)})`),
        listing.entries.map((entry) => cardFor(listing, entry)),
      ]),
    ),
    explainedNote(report, listings),
  ];
}

function explainedNote({ summary }: Report, listings: readonly Listing[]): ComponentChild {
  const listed = listings.find(({ status }) => status === "unjudged")?.count ?? 0;
  const explained = summary.findings.UNKNOWN - listed;
  const notes = [
    ...(explained > 0
      ? [`${counted(explained, "more answer")} could not be given for want of what was not seen`]
      : []),
    `${counted(summary.findings.PASS, "answer")} passed and are not listed`,
  ];
  return h("p", { class: "note" }, `${notes.join("; ")}.`);
}
