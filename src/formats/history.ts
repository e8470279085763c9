import { safeJson } from "../render/escape/json.ts";
import { nameText } from "../render/locations.ts";
import { pageOf, prose } from "../render/page.ts";
import { tableLines } from "../render/table.ts";
import { grouped, severityLetters } from "../render/words.ts";
import { severities } from "../schemas/finding.ts";
import type { AuditRecord, TrendFigures } from "../schemas/history.ts";
import { openCauses } from "../schemas/trend-figures.ts";
import type { TextOptions } from "./text/text.ts";

/** Renders stored audits and their figures as text, in the given order. */
export function historyText(records: readonly AuditRecord[], { color, width }: TextOptions): string {
  const page = pageOf(width, color);
  if (records.length === 0) return "No audits are stored here.\n";
  const heads = ["AUDIT", "STATUS", "COVERED", "FAILING", "CAUSES", "DAYS", "CHANGES"];
  const notes = [
    records.some(({ wholeScope }) => !wholeScope) ? "* only part of the scope" : null,
    records.some(({ trend }) => trend !== null && needsWords(trend)) ? letters : null,
  ].filter((note) => note !== null);
  const below = notes.flatMap((note) => ["", ...prose(note, 0, page)]);
  return `${[...tableLines(heads, records.map(cells), page), ...below].join("\n")}\n`;
}

const letters = `Causes by severity: ${severities.map((severity) => `${severityLetters[severity]} ${severity}`).join(", ")}. Days to resolve what the audit reported as resolved: median/worst.`;

/** Whether the figures are shown in letters, or as two numbers. */
function needsWords({ causes, resolved }: TrendFigures): boolean {
  return resolved > 0 || severities.some((severity) => causes[severity] > 0);
}

function cells(record: AuditRecord): readonly string[] {
  const { auditId, wholeScope, status, coverage } = record;
  return [
    `${nameText(auditId)}${wholeScope ? "" : "*"}`,
    status,
    `${grouped(coverage.audited)} of ${grouped(coverage.planned)}`,
    failingText(record),
    causesText(record),
    daysText(record),
    changesText(record),
  ];
}

function failingText({ summary: { failing, findings } }: AuditRecord): string {
  const worst = severities.find((severity) => failing[severity] > 0);
  if (worst === undefined) return "none";
  return `${grouped(findings.FAIL)}, ${grouped(failing[worst])} ${worst}`;
}

/** The open causes of the failures by severity; only their number where the severities are not known. */
function causesText(record: AuditRecord): string {
  const { trend } = record;
  const total = openCauses(record);
  if (total === null) return "not known";
  if (trend === null) return grouped(total);
  const parts = severities.filter((severity) => trend.causes[severity] > 0);
  return parts.map((severity) => `${grouped(trend.causes[severity])}${severityLetters[severity]}`).join(" ");
}

/** The days to resolve what the audit reported as resolved: the median, and the worst if that differs. */
function daysText({ trend }: AuditRecord): string {
  if (trend === null) return "not known";
  const { medianDays, worstDays } = trend;
  if (medianDays === null || worstDays === null) return "";
  return worstDays === medianDays ? grouped(worstDays) : `${grouped(medianDays)}/${grouped(worstDays)}`;
}

function changesText({ summary: { transitions } }: AuditRecord): string {
  const { opened, changed, resolved } = transitions;
  const parts = [
    opened > 0 ? `${grouped(opened)} new` : null,
    changed > 0 ? `${grouped(changed)} changed` : null,
    resolved > 0 ? `${grouped(resolved)} resolved` : null,
  ].filter((part) => part !== null);
  return parts.join(", ");
}

/** Renders stored audits and their figures as a JSON list. */
export function historyJson(records: readonly AuditRecord[]): string {
  return `${safeJson(records, 2)}\n`;
}
