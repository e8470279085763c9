import { type ComponentChild, h } from "preact";
import { isNews } from "../../render/counts.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { Problem, Wording } from "../../render/group.ts";
import { nameText } from "../../render/locations.ts";
import { counted, dayOf, grouped } from "../../render/words.ts";
import { isResolved } from "../../schemas/count-findings.ts";
import type { Finding } from "../../schemas/finding.ts";
import { cardOf, row } from "./card.ts";
import type { Context } from "./context.ts";
import { evidenceOf, type Fact, factList, severityMark, shown } from "./elements.ts";
import type { ListingStatus } from "./listing.ts";
import why from "./why.json" with { type: "json" };

const reasons: ReadonlyMap<string, string> = new Map(Object.entries(why));

/** Returns why a check matters, from its document; `null` for a custom check. */
export function whyOf(check: string): string | null {
  return reasons.get(check) ?? null;
}

const DAYS = 30;
const dayMs = 86_400_000;

/**
 * Returns an entry for the policy's `waivers` that covers only this finding, for 30 days from the audit. Reason and owner
 * are empty; the policy is invalid until they are filled in.
 */
export function waiverSnippet(finding: Finding, auditedAt: string): string {
  const { check, account, region, prefix } = finding;
  const indented = safeJson(
    {
      check,
      accounts: [account],
      regions: [region],
      // A finding on a whole registry is only covered by a waiver for every prefix.
      ...(prefix === null ? {} : { prefixes: [prefix] }),
      reason: "",
      owner: "",
      expires: dayOf(new Date(Date.parse(auditedAt) + DAYS * dayMs).toISOString()),
    },
    2,
  );
  return indented.replace(listOfOne, "[$1]");
}

/** A list with a single name, which reads better on one line. */
const listOfOne = /\[\s+("(?:[^"\\]|\\.)*")\s+\]/g;

/**
 * Renders one finding: where it is and since when. Unfolded, it shows the evidence and how to fix or waive it.
 *
 * @param ownRemediation whether to show the finding's remediation, because the problem's is only an example
 */
function findingRow(
  finding: Finding,
  ownRemediation: boolean,
  { auditedAt, isCompared }: Context,
): ComponentChild {
  const { prefix, waiver, data, remediation } = finding;
  return row(
    { ...finding, owner: waiver?.owner ?? null },
    { what: prefix === null ? [] : [prefix], state: [markOf(finding, isCompared), sinceOf(finding)] },
    [
      ...evidenceOf(data),
      ...(ownRemediation ? [["What to do", shown(remediation)] as const] : []),
      ...waiverFacts(finding, auditedAt),
    ],
  );
}

const marks = {
  opened: "new",
  changed: "changed",
  reminded: "reminder",
  unchanged: null,
  resolved: null,
} as const;

function markOf({ transition, stale }: Finding, isCompared: boolean): ComponentChild {
  const mark = stale ? "stale" : isCompared && transition !== null ? marks[transition] : null;
  return mark === null ? null : h("span", { class: "mark" }, mark);
}

function sinceOf(finding: Finding): string {
  if (finding.stale) return `last seen ${dayOf(finding.lastSeenAt)}`;
  return `${isResolved(finding) ? "first seen" : "since"} ${dayOf(finding.firstSeenAt)}`;
}

function waiverFacts(finding: Finding, auditedAt: string): readonly Fact[] {
  const { status, waiver } = finding;
  if (waiver !== null) {
    const ticket = waiver.ticket === null ? "" : `, ${nameText(waiver.ticket)}`;
    const terms = `until ${nameText(waiver.expires)}, by ${nameText(waiver.owner)}${ticket}`;
    return [["Waived", `${terms}: ${shown(waiver.reason)}`]];
  }
  if (status !== "FAIL" || isResolved(finding)) return [];
  const snippet = h("pre", null, waiverSnippet(finding, auditedAt));
  return [["How to waive", [snippet, h("button", { type: "button", class: "copy" }, "Copy")]]];
}

/** Renders one problem as a card: what is wrong, why it matters, what to do, and every location. */
export function problemCard(
  id: string,
  status: ListingStatus,
  problem: Problem,
  context: Context,
): ComponentChild {
  const { severity, check, title, findings, remediation, exactRemediation, docs, wordings } = problem;
  const why = whyOf(check);
  const ownRemediation = !exactRemediation;
  return cardOf(
    { id, status, severity, check },
    { mark: severityMark(severity), title: shown(title), extent: extentOf(findings, status, context) },
    [
      factList([
        ...(why === null ? [] : [["Why it matters", why] as const]),
        ["What to do", `${exactRemediation ? "" : "For example: "}${shown(remediation)}`],
        ["Read more", h("code", null, shown(docs))],
      ]),
      wordings.map((wording) => [
        h("p", null, sentenceOf(wording)),
        wording.findings.map((finding) => findingRow(finding, ownRemediation, context)),
      ]),
    ],
  );
}

function sentenceOf({ message, exact }: Wording): string {
  return exact ? shown(message) : `For example: ${shown(message)}`;
}

function extentOf(findings: readonly Finding[], status: ListingStatus, context: Context): string {
  const accounts = new Set(findings.map(({ account }) => account)).size;
  const extent = `${grouped(findings.length)} in ${counted(accounts, "account")}`;
  return status === "failing" ? [extent, ...historyOf(findings, context)].join(", ") : extent;
}

/** Describes the history of a problem: `2 new`, `since 2026-10-02`. */
export function historyOf(findings: readonly Finding[], { isCompared }: Context): readonly string[] {
  const news = isCompared ? findings.filter(isNews).length : 0;
  const oldest = findings
    .map(({ firstSeenAt }) => firstSeenAt)
    .reduce((one, other) => (one < other ? one : other));
  return [...(news === 0 ? [] : [`${grouped(news)} new`]), `since ${dayOf(oldest)}`];
}
