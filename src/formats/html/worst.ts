import { type ComponentChild, h } from "preact";
import { reasonAdvice } from "../../facts/reason-advice.ts";
import { ownersText } from "../../render/causes.ts";
import { isNews } from "../../render/counts.ts";
import { extentOf, historyOf } from "../../render/extent.ts";
import type { Problem } from "../../render/group.ts";
import { byAccount, type Location, locationsOf, locationsOfGap } from "../../render/locations.ts";
import { counted, grouped } from "../../render/words.ts";
import type { Context } from "./context.ts";
import { severityMark, shown } from "./elements.ts";
import { gapExtent } from "./gap-card.ts";
import type { Entry, Listing } from "./listing.ts";

const MOST_NEW = 10;
const MOST_PROBLEMS = 5;
const MOST_REASONS = 4;
const MOST_ACCOUNTS = 2;

/**
 * Renders what to look at first: what is new, if there is a previous audit to compare with, then the worst problems and
 * gaps, with their location, age, owner and remediation.
 */
export function worstFirst(listings: readonly Listing[], context: Context): ComponentChild {
  const entriesOf = (status: Listing["status"]) =>
    listings.find((listing) => listing.status === status)?.entries ?? [];
  const failing = entriesOf("failing");
  const fresh = context.isCompared ? failing.filter(isNew) : [];
  const known = failing.filter((entry) => !fresh.includes(entry));
  const lists = [
    list("New or changed", "fresh", fresh.map(onlyNew), MOST_NEW, context),
    list(fresh.length === 0 ? "Worst problems" : "Still failing", "wrong", known, MOST_PROBLEMS, context),
    list("Not covered", "unseen", entriesOf("unseen"), MOST_REASONS, context),
  ].filter((one) => one !== null);
  return lists.length === 0
    ? null
    : h("section", { class: "first", "aria-label": "What to look at first" }, lists);
}

function isNew(entry: Entry): boolean {
  return entry.kind === "problem" && entry.problem.findings.some(isNews);
}

/** A problem without the findings that earlier audits reported. */
function onlyNew(entry: Entry): Entry {
  if (entry.kind === "gaps") return entry;
  const { problem } = entry;
  return { ...entry, problem: { ...problem, findings: problem.findings.filter(isNews) } };
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
  const { severity, title, findings, steps } = entry.problem;
  const owners = ownersText(findings);
  const locations = locationsOf(findings, { marked: false, owned: false });
  return [
    h("p", null, [severityMark(severity), " ", h("a", { href: `#${entry.id}` }, shown(title))]),
    h("p", { class: "where" }, [
      `${[extentOf(findings), ...historyOf(findings, context.isCompared)].join(", ")}: ${whereOf(locations)}`,
    ]),
    owners === null ? null : h("p", { class: "where" }, `Owner: ${owners}`),
    h("p", { class: "advice" }, shown(inWords(steps))),
  ];
}

/** What to do, without the commands: the card has them, and there is no room here for a whole one. */
function inWords(steps: Problem["steps"]): string {
  return steps.map(({ text }) => text.replace(/:$/, ".")).join(" ");
}

function whereOf(locations: readonly Location[]): string {
  const accounts = byAccount(locations.map(briefly));
  const first = accounts.slice(0, MOST_ACCOUNTS).map(({ account, where: [region = "", ...others] }) => {
    const more = others.length === 0 ? "" : `; ${counted(others.length, "more region")}`;
    return `${account} (${region}${more})`;
  });
  const left = accounts.length - MOST_ACCOUNTS;
  return [...first, ...(left > 0 ? [`and ${counted(left, "more account")}`] : [])].join(", ");
}

/** Returns a location that shows the account's name instead of its id. */
function briefly(location: Location): Location {
  return { ...location, account: location.accountName ?? location.account, accountName: null };
}
