import { type ComponentChild, h } from "preact";
import { groupsOf } from "../../render/group.ts";
import { nameText } from "../../render/locations.ts";
import { dayOf, grouped } from "../../render/words.ts";
import type { Report, WaiverNotice } from "../../schemas/report.ts";
import { shown, wideTable } from "./elements.ts";

const MOST_WAIVERS = 1_000;

type Line = {
  readonly notice: WaiverNotice;
  readonly state: string;
  /** The number of findings that it waives; `null` if the report does not contain it. */
  readonly findings: number | null;
};

/** Renders the waivers that need a review and those in use, each with its expiry date. */
export function waiversSection(report: Report): ComponentChild {
  const lines = linesOf(report);
  if (lines.length === 0) return null;
  const rows = lines.slice(0, MOST_WAIVERS).map(tableRow);
  return wideTable(
    "Table of waivers",
    ["Expires", "State", "Check", "Owner", "Ticket", "Reason"],
    h("tbody", null, rows),
  );
}

function tableRow({ notice, state, findings }: Line): ComponentChild {
  const { expires, check, owner, ticket, reason } = notice;
  return h("tr", null, [
    h("td", null, nameText(expires)),
    h("td", null, findings === null ? state : `${state}, waives ${grouped(findings)}`),
    h("td", null, h("code", null, nameText(check))),
    h("td", null, nameText(owner)),
    h("td", null, ticket === null ? "" : nameText(ticket)),
    h("td", null, shown(reason)),
  ]);
}

function linesOf({ waivers, findings, finishedAt }: Report): readonly Line[] {
  const inUse = findings.flatMap(({ status, check, waiver }) =>
    status === "WAIVED" && waiver !== null ? [{ check, ...waiver }] : [],
  );
  const used = new Map(groupsOf(inUse, keyOf).map((alike) => [keyOf(alike[0]), alike.length]));
  const toReview = [
    ...waivers.expired.map((notice) => ({
      notice,
      state: `expired ${daysBetween(notice.expires, finishedAt)} ago`,
    })),
    ...waivers.unused.map((notice) => ({ notice, state: "unused" })),
  ];
  const expiring = new Set(waivers.expiring.map(keyOf));
  const listed = new Set(toReview.map(({ notice }) => keyOf(notice)));
  const inEffect = groupsOf([...waivers.expiring, ...inUse], keyOf)
    .map(([notice]) => notice)
    .filter((notice) => !listed.has(keyOf(notice)))
    .map((notice) => {
      const expiresIn = `expires in ${daysBetween(finishedAt, notice.expires)}`;
      return { notice, state: expiring.has(keyOf(notice)) ? expiresIn : "active" };
    });
  return [...toReview, ...inEffect]
    .map((line) => ({ ...line, findings: used.get(keyOf(line.notice)) ?? null }))
    .sort((one, other) => (one.notice.expires < other.notice.expires ? -1 : 1));
}

/** Identifies a waiver without its check, which may be a pattern in the policy. */
function keyOf({ reason, owner, ticket, expires }: WaiverNotice): string {
  return JSON.stringify([reason, owner, ticket, expires]);
}

const dayMs = 86_400_000;

function daysBetween(from: string, to: string): string {
  const days = Math.round((Date.parse(dayOf(to)) - Date.parse(dayOf(from))) / dayMs);
  if (Number.isNaN(days)) return "an unknown number of days";
  return days === 1 ? "1 day" : `${grouped(days)} days`;
}
