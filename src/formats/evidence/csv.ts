import { stringify } from "csv-stringify/sync";
import { inlineText } from "../../render/escape/inline.ts";
import type { Evidence } from "../../schemas/evidence.ts";

/** The columns in order; their names are public. */
const columns = {
  id: ({ id }) => id,
  check: ({ check }) => check,
  severity: ({ severity }) => severity,
  account: ({ account }) => account,
  region: ({ region }) => region,
  prefix: ({ prefix }) => prefix ?? "",
  title: ({ title }) => title,
  opened: ({ opened }) => opened,
  resolved: ({ resolved }) => resolved ?? "",
  end: ({ end }) => end,
  daysOpen: ({ daysOpen }) => String(daysOpen),
  owner: ({ owner }) => owner?.name ?? "",
  cause: ({ cause }) => cause?.subject ?? "",
  changedBy: ({ changedBy }) => changedBy?.arn ?? "",
  requirements: ({ requirements }) => requirements.join("; "),
} as const satisfies Record<string, (finding: Evidence["findings"][number]) => string>;

/** Renders the findings of a period as a table with one row each (RFC 4180, with a header), safe for spreadsheets. */
export function evidenceCsv({ findings }: Evidence): string {
  const rows = findings.map((finding) => Object.values(columns).map((column) => inlineText(column(finding))));
  return stringify([Object.keys(columns), ...rows], { record_delimiter: "windows", escape_formulas: true });
}
