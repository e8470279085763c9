import { safeJson } from "../render/escape/json.ts";
import { nameText } from "../render/locations.ts";
import { pageOf, prose } from "../render/page.ts";
import { tableLines } from "../render/table.ts";
import { grouped } from "../render/words.ts";
import { severities } from "../schemas/finding.ts";
import type { AuditRecord } from "../schemas/history.ts";
import type { TextOptions } from "./text/text.ts";

/** Renders stored audits and their figures as text, in the given order. */
export function historyText(records: readonly AuditRecord[], { color, width }: TextOptions): string {
  const page = pageOf(width, color);
  if (records.length === 0) return "No audits are stored here.\n";
  const heads = ["AUDIT", "STATUS", "COVERED", "FAILING", "CHANGES"];
  const narrowed = records.some(({ wholeScope }) => !wholeScope);
  const note = narrowed ? ["", ...prose("* only part of the scope", 0, page)] : [];
  return `${[...tableLines(heads, records.map(cells), page), ...note].join("\n")}\n`;
}

function cells(record: AuditRecord): readonly string[] {
  const { auditId, wholeScope, status, coverage } = record;
  return [
    `${nameText(auditId)}${wholeScope ? "" : "*"}`,
    status,
    `${grouped(coverage.audited)} of ${grouped(coverage.planned)}`,
    failingText(record),
    changesText(record),
  ];
}

function failingText({ summary: { failing, findings } }: AuditRecord): string {
  const worst = severities.find((severity) => failing[severity] > 0);
  if (worst === undefined) return "none";
  return `${grouped(findings.FAIL)}, ${grouped(failing[worst])} ${worst}`;
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
