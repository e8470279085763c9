import { type ComponentChild, h } from "preact";
import { causeText, ownersText, ownerText, sharedCauseTexts } from "../../render/causes.ts";
import { changedByText } from "../../render/changed-by.ts";
import { safeJson } from "../../render/escape/json.ts";
import { extentOf, historyOf } from "../../render/extent.ts";
import { flappingText } from "../../render/flapping.ts";
import type { Problem, Wording } from "../../render/group.ts";
import { nameText } from "../../render/locations.ts";
import { stepsIn } from "../../render/steps.ts";
import { dayOf } from "../../render/words.ts";
import { isResolved } from "../../schemas/count-findings.ts";
import type { Finding } from "../../schemas/finding.ts";
import { cardOf, row } from "./card.ts";
import type { Context } from "./context.ts";
import {
  eachInTurn,
  evidenceOf,
  type Fact,
  factList,
  link,
  severityMark,
  shown,
  stepList,
} from "./elements.ts";
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
  const { prefix, waiver, data, consoleUrl, owner, cause, changedBy } = finding;
  return row(
    {
      ...finding,
      owners: [owner?.name, waiver?.owner].filter((name) => name !== undefined),
      change: changeOf(finding, isCompared),
      causeId: cause?.id ?? null,
    },
    { what: prefix === null ? [] : [prefix], state: [markOf(finding, isCompared), sinceOf(finding)] },
    [
      ...(owner === null ? [] : [["Owner", ownerText(owner)] as const]),
      ...(changedBy === null ? [] : [["Changed by", changedByText(changedBy)] as const]),
      ...(cause === null || cause.id === finding.id ? [] : [["Cause", causeText(cause)] as const]),
      ...evidenceOf(data),
      ...(ownRemediation ? [["What to do", stepList(stepsIn(finding))] as const] : []),
      ...(consoleUrl === "" ? [] : [["In the console", link(consoleUrl)] as const]),
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

/** The value of the filter for changes; `null` for a finding that did not change. */
function changeOf({ transition }: Finding, isCompared: boolean): string | null {
  if (transition === "resolved") return "resolved";
  return isCompared && transition !== null ? marks[transition] : null;
}

function markOf({ transition, stale }: Finding, isCompared: boolean): ComponentChild {
  const mark = stale ? "stale" : isCompared && transition !== null ? marks[transition] : null;
  return mark === null ? null : h("span", { class: "mark" }, mark);
}

function sinceOf(finding: Finding): string {
  if (finding.stale) return `last seen ${dayOf(finding.lastSeenAt)}`;
  return `first seen ${dayOf(finding.firstSeenAt)}`;
}

function waiverFacts(finding: Finding, auditedAt: string): readonly Fact[] {
  const { status, waiver } = finding;
  if (waiver !== null) {
    const ticket = waiver.ticket === null ? "" : `, ${nameText(waiver.ticket)}`;
    const terms = `until ${nameText(waiver.expires)}, by ${nameText(waiver.owner)}${ticket}`;
    return [["Waived", `${terms}: ${shown(waiver.reason)}`]];
  }
  if (status !== "FAIL" || isResolved(finding)) return [];
  const snippet = h("pre", { class: "snippet" }, waiverSnippet(finding, auditedAt));
  return [["How to waive", [snippet, h("button", { type: "button", class: "copy" }, "Copy")]]];
}

/** Renders one problem as a card: what is wrong, why it matters, what to do, and every location. */
export function problemCard(
  id: string,
  status: ListingStatus,
  problem: Problem,
  context: Context,
): ComponentChild {
  const { severity, check, title, findings, steps, exactRemediation, docs, docsUrl, wordings, sameCauseAs } =
    problem;
  const owners = ownersText(findings);
  const causes = sharedCauseTexts(findings);
  const why = whyOf(check);
  const ownRemediation = !exactRemediation;
  const requirements = findings[0]?.requirements ?? [];
  return cardOf(
    { id, status, severity, check, requirements },
    { mark: severityMark(severity), title: shown(title), extent: extentIn(findings, status, context) },
    [
      factList([
        ...(owners === null ? [] : [["Owner", owners] as const]),
        ...causes.map((cause) => ["Cause", cause] as const),
        ...(sameCauseAs === null ? [] : [["Same cause as above", shown(sameCauseAs)] as const]),
        ...(why === null ? [] : [["Why it matters", why] as const]),
        ["What to do", stepList(steps, exactRemediation ? "" : "For example: ")],
        ...(requirements.length === 0
          ? []
          : [["Requirements", requirements.map(nameText).join(", ")] as const]),
        ["Read more", docsUrl === "" ? h("code", null, shown(docs)) : link(docsUrl)],
      ]),
      wordings.map((wording) => [
        h("p", null, sentenceOf(wording)),
        eachInTurn(wording.findings, (finding) => findingRow(finding, ownRemediation, context)),
      ]),
    ],
  );
}

function sentenceOf({ message, exact }: Wording): string {
  return exact ? shown(message) : `For example: ${shown(message)}`;
}

function extentIn(findings: readonly Finding[], status: ListingStatus, { isCompared }: Context): string {
  const extent = `${extentOf(findings)}${flappingText(findings)}`;
  return status === "failing" ? [extent, ...historyOf(findings, isCompared)].join(", ") : extent;
}
