import { type ComponentChild, h } from "preact";
import type { Finding } from "../../model/finding.ts";
import { nameText } from "../places.ts";
import { isResolved } from "../tally.ts";
import { dayOf } from "../words.ts";
import type { Context } from "./context.ts";
import { evidenceOf, type Fact } from "./facts.ts";
import { row } from "./row.ts";
import { shown } from "./texts.ts";
import { waiverSnippet } from "./waiver-snippet.ts";

/**
 * One finding: where and since when, and folded behind it the evidence, how to mend it and how to waive it.
 *
 * @param ownRemediation whether the remediation is the finding's own, and not that of the whole problem
 */
export function findingRow(
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
