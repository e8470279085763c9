import { type ComponentChild, h } from "preact";
import { groupsOf } from "../../render/group.ts";
import { nameText } from "../../render/places.ts";
import { dayOf, grouped } from "../../render/words.ts";
import type { Report, WaiverNotice } from "../../schemas/report.ts";
import { shown, wideTable } from "./elements.ts";

const MOST_WAIVERS = 1_000;

type Line = {
  readonly notice: WaiverNotice;
  readonly state: string;
  /** How many findings it waives; `null` where the report does not tell. */
  readonly findings: number | null;
};

/** The waivers that somebody must look at, and those that hold for something, each with its end. */
export function waiversSection(report: Report): ComponentChild {
  const lines = linesOf(report);
  if (lines.length === 0) return null;
  const rows = lines.slice(0, MOST_WAIVERS).map(tableRow);
  return wideTable(
    "Table of waivers",
    ["Ends", "State", "Check", "Owner", "Ticket", "Reason"],
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
  const delivered = [
    ...waivers.expired.map((notice) => ({
      notice,
      state: `expired ${daysBetween(notice.expires, finishedAt)} ago`,
    })),
    ...waivers.unused.map((notice) => ({ notice, state: "waives nothing" })),
  ];
  const expiring = new Set(waivers.expiring.map(keyOf));
  const quiet = new Set(delivered.map(({ notice }) => keyOf(notice)));
  const standing = groupsOf([...waivers.expiring, ...inUse], keyOf)
    .map(([notice]) => notice)
    .filter((notice) => !quiet.has(keyOf(notice)))
    .map((notice) => {
      const ends = `ends in ${daysBetween(finishedAt, notice.expires)}`;
      return { notice, state: expiring.has(keyOf(notice)) ? ends : "holds" };
    });
  return [...delivered, ...standing]
    .map((line) => ({ ...line, findings: used.get(keyOf(line.notice)) ?? null }))
    .sort((one, other) => (one.notice.expires < other.notice.expires ? -1 : 1));
}

/** A waived finding names its waiver by these: the check that it names may be a pattern in the policy. */
function keyOf({ reason, owner, ticket, expires }: WaiverNotice): string {
  return JSON.stringify([reason, owner, ticket, expires]);
}

const dayMs = 86_400_000;

function daysBetween(from: string, to: string): string {
  const days = Math.round((Date.parse(dayOf(to)) - Date.parse(dayOf(from))) / dayMs);
  if (Number.isNaN(days)) return "an unknown number of days";
  return days === 1 ? "1 day" : `${grouped(days)} days`;
}
