import { type ComponentChild, h } from "preact";
import type { Finding } from "../../model/finding.ts";
import type { Problem, Wording } from "../group.ts";
import { isNews } from "../tally.ts";
import { counted, dayOf, grouped } from "../words.ts";
import { cardOf } from "./card.ts";
import type { Context } from "./context.ts";
import { factList } from "./facts.ts";
import { findingRow } from "./finding-row.ts";
import type { ListingStatus } from "./listing.ts";
import { severityMark } from "./severity.ts";
import { shown } from "./texts.ts";
import { whyOf } from "./why.ts";

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
