import { type ComponentChild, h } from "preact";
import { isNews, isResolved } from "../../render/counts.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { Problem, Wording } from "../../render/group.ts";
import { nameText } from "../../render/places.ts";
import { counted, dayOf, grouped } from "../../render/words.ts";
import type { Finding } from "../../schemas/finding.ts";
import { cardOf, row } from "./card.ts";
import type { Context } from "./context.ts";
import { evidenceOf, type Fact, factList, severityMark, shown } from "./elements.ts";
import type { ListingStatus } from "./listing.ts";
import why from "./why.json" with { type: "json" };

const reasons: ReadonlyMap<string, string> = new Map(Object.entries(why));

/** Why a check matters, as its document says; `null` for a check of the policy's own. */
export function whyOf(check: string): string | null {
  return reasons.get(check) ?? null;
}

const DAYS = 30;
const dayMs = 86_400_000;

/**
 * An entry for the policy's `waivers` that holds for this finding and nothing else, for 30 days from the audit. Reason
 * and owner are empty: the policy is refused until somebody fills them in.
 */
export function waiverSnippet(finding: Finding, auditedAt: string): string {
  const { check, account, region, prefix } = finding;
  const indented = safeJson(
    {
      check,
      accounts: [account],
      regions: [region],
      // Of a registry as a whole only a waiver for every prefix holds.
      ...(prefix === null ? {} : { prefixes: [prefix] }),
      reason: "",
      owner: "",
      expires: dayOf(new Date(Date.parse(auditedAt) + DAYS * dayMs).toISOString()),
    },
    2,
  );
  return indented.replace(listOfOne, "[$1]");
}

/** A list of one name, which reads better in one line. */
const listOfOne = /\[\s+("(?:[^"\\]|\\.)*")\s+\]/g;

/**
 * One finding: where and since when, and folded behind it the evidence, how to mend it and how to waive it.
 *
 * @param ownRemediation whether the remediation is the finding's own, and not that of the whole problem
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
  return [["To waive it", [snippet, h("button", { type: "button", class: "copy" }, "Copy")]]];
}

/** One problem, folded: what is wrong, why it matters, what to do, and every place where it is so. */
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

/** What is new in a problem, and since when it is known: `2 new`, `since 2026-10-02`. */
export function historyOf(findings: readonly Finding[], { isCompared }: Context): readonly string[] {
  const news = isCompared ? findings.filter(isNews).length : 0;
  const oldest = findings
    .map(({ firstSeenAt }) => firstSeenAt)
    .reduce((one, other) => (one < other ? one : other));
  return [...(news === 0 ? [] : [`${grouped(news)} new`]), `since ${dayOf(oldest)}`];
}
