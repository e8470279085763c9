import { counted, dayOf, grouped } from "../../render/words.ts";
import type { Evidence } from "../../schemas/evidence.ts";

/** The sentences at the top of the page. */
export function summaryOf(evidence: Evidence): readonly string[] {
  const { nights, audits, findings, verification } = evidence;
  const [resolved, waived] = [count(findings, "resolved"), count(findings, "waived")].map(grouped);
  return [
    `${nights.audited} of ${counted(nights.days, "day has", "days have")} an audit of the whole scope.${narrowedText(audits)}`,
    ...coverageText(audits),
    `${counted(findings.length, "finding", "findings")} failed in the period: ${resolved} resolved, ${waived} waived, and ${grouped(count(findings, "open"))} open at its end${openText(evidence)}.`,
    verdictOf(verification),
  ];
}

/** How much the audits of the whole scope read: the latest, and the one that read the smallest share. */
function coverageText(audits: Evidence["audits"]): readonly string[] {
  const whole = audits.filter(({ scope, planned }) => scope === "whole" && planned > 0);
  const share = ({ audited, planned }: Evidence["audits"][number]) => audited / planned;
  const [latest, least] = [whole.at(-1), whole.toSorted((a, b) => share(a) - share(b))[0]];
  if (latest === undefined || least === undefined) return [];
  const text = ({ audited, planned }: typeof latest) =>
    `${grouped(audited)} of ${counted(planned, "registry", "registries")}`;
  const worst =
    share(least) < share(latest) ? ` The least was ${text(least)}, on ${dayOf(least.startedAt)}.` : "";
  return [`The latest audit of the whole scope read ${text(latest)} in full.${worst}`];
}

/** The findings that are open at the end, by severity. */
function openText({ resolution }: Evidence): string {
  const parts = resolution
    .filter(({ open }) => open > 0)
    .map(({ open, severity }) => `${grouped(open)} ${severity}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function count(findings: Evidence["findings"], end: Evidence["findings"][number]["end"]): number {
  return findings.filter((finding) => finding.end === end).length;
}

/** How many audits covered only a part of the scope: they count for no day. */
function narrowedText(audits: Evidence["audits"]): string {
  const narrowed = audits.filter(({ scope }) => scope === "narrowed").length;
  return narrowed === 0 ? "" : ` ${counted(narrowed, "more audit", "more audits")} covered only part of it.`;
}

function verdictOf({ problems, chained, reports, unnamed }: Evidence["verification"]): string {
  if (problems.length > 0)
    return `${counted(problems.length, "stored file is", "stored files are")} missing, altered or out of order; see below.`;
  return `${grouped(chained - unnamed.length)} of ${grouped(reports)} reports since the first day are chained by SHA-256 and unaltered.`;
}
