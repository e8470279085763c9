import { stringify } from "csv-stringify/sync";
import { changedByText } from "../render/changed-by.ts";
import { cutToCharacters } from "../render/escape/cut.ts";
import { inlineText } from "../render/escape/inline.ts";
import type { Finding } from "../schemas/finding.ts";
import type { Report } from "../schemas/report.ts";

/** In code points: half of the 32,767 UTF-16 units that an Excel cell holds ("Excel specifications and limits", November 2026). */
const LONGEST_CELL = 16_000;

/** The columns in order; their names are public. */
const columns = {
  id: ({ id }) => id,
  check: ({ check }) => check,
  status: ({ status }) => status,
  severity: ({ severity }) => severity,
  account: ({ account }) => account,
  accountName: ({ accountName }) => accountName,
  organizationalUnits: ({ organizationalUnits }) => organizationalUnits.join(" "),
  region: ({ region }) => region,
  prefix: ({ prefix }) => prefix,
  kind: ({ kind }) => kind,
  title: ({ title }) => title,
  message: ({ message }) => message,
  remediation: ({ remediation }) => remediation,
  docs: ({ docs }) => docs,
  firstSeenAt: ({ firstSeenAt }) => firstSeenAt,
  lastSeenAt: ({ lastSeenAt }) => lastSeenAt,
  transition: ({ transition }) => transition,
  stale: ({ stale }) => String(stale),
  waiverReason: ({ waiver }) => waiver?.reason ?? null,
  waiverOwner: ({ waiver }) => waiver?.owner ?? null,
  waiverTicket: ({ waiver }) => waiver?.ticket ?? null,
  waiverExpires: ({ waiver }) => waiver?.expires ?? null,
  owner: ({ owner }) => owner?.name ?? null,
  ownerContact: ({ owner }) => owner?.contact ?? null,
  causeId: ({ cause }) => cause?.id ?? null,
  causeKind: ({ cause }) => cause?.kind ?? null,
  cause: ({ cause }) => cause?.subject ?? null,
  openDays: ({ openDays }) => (openDays === null ? null : String(openDays)),
  changedBy: ({ changedBy }) => (changedBy === null ? null : changedByText(changedBy)),
} as const satisfies Record<string, (finding: Finding) => string | null>;

/**
 * Renders the findings as a table with one row each (RFC 4180, with a header). Cells that a spreadsheet would interpret as
 * a formula start with an apostrophe. Every cell is a single line.
 */
export function renderCsv({ findings }: Report): string {
  const rows = findings.map((finding) => Object.values(columns).map((column) => cell(column(finding))));
  return stringify([Object.keys(columns), ...rows], { record_delimiter: "windows", escape_formulas: true });
}

function cell(value: string | null): string {
  return value === null ? "" : cutToCharacters(inlineText(value), LONGEST_CELL);
}
