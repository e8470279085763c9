import { type ComponentChild, h } from "preact";
import { reasonAdvice } from "../../facts/reason-advice.ts";
import { byAccount, type Location, locationsOf, locationsOfGap } from "../../render/locations.ts";
import { counted, grouped } from "../../render/words.ts";
import type { Context } from "./context.ts";
import { severityMark, shown } from "./elements.ts";
import { gapExtent } from "./gap-card.ts";
import type { Entry, Listing } from "./listing.ts";
import { historyOf } from "./problem-card.ts";

const MOST_PROBLEMS = 5;
const MOST_REASONS = 4;
const MOST_ACCOUNTS = 2;

/** Renders what to look at first: the worst problems and gaps, with their location, age and remediation. */
export function worstFirst(listings: readonly Listing[], context: Context): ComponentChild {
  const entriesOf = (status: Listing["status"]) =>
    listings.find((listing) => listing.status === status)?.entries ?? [];
  const lists = [
    list("Worst problems", "wrong", entriesOf("failing"), MOST_PROBLEMS, context),
    list("Not covered", "unseen", entriesOf("unseen"), MOST_REASONS, context),
  ].filter((one) => one !== null);
  return lists.length === 0
    ? null
    : h("section", { class: "first", "aria-label": "What to look at first" }, lists);
}

function list(
  title: string,
  name: string,
  entries: readonly Entry[],
  most: number,
  context: Context,
): ComponentChild {
  if (entries.length === 0) return null;
  const left = entries.length - most;
  return h("div", { class: name }, [
    h("h2", null, title),
    h(
      "ol",
      null,
      entries.slice(0, most).map((entry) => h("li", null, entryLines(entry, context))),
    ),
    left > 0 ? h("p", null, h("a", { href: "#findings" }, `and ${grouped(left)} more`)) : null,
  ]);
}

function entryLines(entry: Entry, context: Context): ComponentChild {
  if (entry.kind === "gaps") {
    const { reason, gaps } = entry.group;
    const { title, advice } = reasonAdvice[reason];
    return [
      h("p", null, h("a", { href: `#${entry.id}` }, title)),
      h("p", { class: "where" }, `${gapExtent(gaps)}: ${whereOf(gaps.flatMap(locationsOfGap))}`),
      h("p", { class: "advice" }, advice),
    ];
  }
  const { severity, title, findings, remediation } = entry.problem;
  const locations = locationsOf(findings, { marked: false, owned: false });
  return [
    h("p", null, [severityMark(severity), " ", h("a", { href: `#${entry.id}` }, shown(title))]),
    h("p", { class: "where" }, [
      `${counted(findings.length, "finding")}, ${historyOf(findings, context).join(", ")}: ${whereOf(locations)}`,
    ]),
    h("p", { class: "advice" }, shown(remediation)),
  ];
}

function whereOf(locations: readonly Location[]): string {
  const accounts = byAccount(locations.map(briefly));
  const first = accounts
    .slice(0, MOST_ACCOUNTS)
    .map(({ account, where }) => `${account} (${where.slice(0, 1).join("")})`);
  const left = accounts.length - MOST_ACCOUNTS;
  return [...first, ...(left > 0 ? [`and ${counted(left, "more account")}`] : [])].join(", ");
}

/** Returns a location that shows the account's name instead of its id. */
function briefly(location: Location): Location {
  return { ...location, account: location.accountName ?? location.account, accountName: null };
}
