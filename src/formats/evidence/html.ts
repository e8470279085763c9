import { type ComponentChild, h } from "preact";
import { counted, grouped } from "../../render/words.ts";
import type { Evidence } from "../../schemas/evidence.ts";
import { capitalized, shown } from "../html/elements.ts";
import { printablePage } from "../html/printable-page.ts";

/** The style of the page: one column, black on white, and tables that repeat their heads on each printed page. */
const style = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1e22; background: #fff; margin: 2rem auto; max-width: 68rem; padding: 0 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
p { max-width: 46rem; } .quiet { color: #535a63; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #d9dde2; overflow-wrap: anywhere; }
td.d { white-space: nowrap; }
thead th { border-bottom: 2px solid #1b1e22; overflow-wrap: normal; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } code { font-size: .85em; }
@page { size: A4 landscape; margin: 14mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 10pt; } .wide { overflow: visible; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`;

type Cell = string | number | null;

/** Renders the evidence of a period as a page to read and to print. It needs no network and runs no script. */
export function evidenceHtml(evidence: Evidence): string {
  const { from, to, store, nights, audits, findings, verification, limits } = evidence;
  const title = `Evidence of pull through cache audits, ${from} to ${to}`;
  return printablePage(title, style, [
    h("p", { class: "quiet" }, `From the stored reports in ${shown(store)}.`),
    h("h2", null, "Summary"),
    h("ul", null, [
      h(
        "li",
        null,
        `${nights.audited} of ${counted(nights.days, "day has", "days have")} an audit of the whole scope.${narrowedText(audits)}`,
      ),
      h(
        "li",
        null,
        `${grouped(findings.length)} findings failed in the period; ${grouped(count(findings, "resolved"))} were resolved, ${grouped(count(findings, "waived"))} waived, and ${grouped(count(findings, "open"))} were open at its end.`,
      ),
      h("li", null, verdictOf(verification)),
    ]),
    h("h2", null, "What this does not show"),
    h(
      "ul",
      null,
      limits.map((limit) => h("li", null, limit)),
    ),
    ...sections(evidence),
  ]);
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

function sections(evidence: Evidence): readonly ComponentChild[] {
  const { nights, audits, policies, findings, resolution, requirements, waivers, deliveries, verification } =
    evidence;
  const changes = policies.flatMap(({ from, changes: list }) =>
    (list ?? []).map((one) => ({ from, ...one })),
  );
  return [
    section(
      "Days without an audit of the whole scope",
      ["Day"],
      nights.missing.map((day) => [day]),
    ),
    section(
      "Time to resolve, by severity",
      ["Severity", "Resolved", "Median days", "Worst days", "Waived", "Open at the end"],
      resolution.map((one) => [
        capitalized(one.severity),
        one.resolved,
        one.medianDays,
        one.worstDays,
        one.waived,
        one.open,
      ]),
    ),
    section(
      "Findings",
      ["Severity", "What failed", "Where", "First seen", "Ended", "Days", "Owner", "Cause", "Changed by"],
      findings.map((one) => [
        capitalized(one.severity),
        `${one.title} (${one.check})`,
        [one.account, one.region, one.prefix ?? "whole registry"].join(" "),
        dayOf(one.opened),
        one.resolved === null ? "open" : `${one.end} ${dayOf(one.resolved)}`,
        one.daysOpen,
        one.owner?.name ?? "–",
        one.cause === null ? "–" : `${one.cause.kind} ${one.cause.subject}`,
        one.changedBy?.arn ?? "–",
      ]),
    ),
    section(
      "Requirements",
      ["Requirement", "Checks", "Findings", "Resolved", "Waived", "Open at the end", "Most days open"],
      requirements.map((one) => [
        one.requirement,
        one.checks.join(", "),
        one.findings,
        one.resolved,
        one.waived,
        one.open,
        one.worstDays,
      ]),
    ),
    section(
      "Waivers",
      ["Checks", "Owner", "Reason", "Ticket", "Valid until", "Findings accepted", "Used"],
      waivers.map((one) => [
        one.checks.join(", "),
        one.owner,
        one.reason,
        one.ticket ?? "–",
        one.expires,
        one.findings,
        one.firstUsed === null ? "not needed" : `${one.firstUsed} to ${one.lastUsed}`,
      ]),
    ),
    section(
      "Policies",
      ["From", "To", "Audits", "Policy", "Digest"],
      policies.map((one) => [one.from, one.to, one.audits, one.name, one.digest]),
    ),
    section(
      "Changes of the policy",
      ["From", "Section", "Before", "After"],
      changes.map((one) => [one.from, one.section, one.before, one.after]),
    ),
    section(
      "Audits and their population",
      [
        "Started",
        "By",
        "Scope",
        "Status",
        "Planned",
        "Audited",
        "Partial",
        "Unreachable",
        "Excluded",
        "SHA-256",
      ],
      audits.map((one) => [
        one.startedAt.slice(0, "2026-10-02T02:00".length).replace("T", " "),
        one.trigger,
        scopeOf(one),
        one.status,
        one.planned,
        one.audited,
        one.partial,
        one.unreachable,
        one.excluded,
        one.sha256.slice(0, 12),
      ]),
    ),
    section(
      "Why registries were not covered, or excluded",
      ["From", "To", "Audits", "Reasons, with the number of gaps or accounts"],
      reasonSpansOf(audits).map((one) => [one.from, one.to, one.audits, one.reasons]),
    ),
    section(
      "Deliveries of alerts",
      ["Audit", "To", "Alerts", "Owed after it", "Failure"],
      deliveries
        .filter(isOfAlerts)
        .map((one) => [one.auditId, one.notifier, one.alerts, one.owed, one.failure ?? "–"]),
    ),
    section(
      "Stored files that are not as they were written",
      ["Kind", "File", "Day", "Why"],
      verification.problems.map((one) => [one.kind, one.path, one.day, one.detail]),
    ),
  ];
}

/** Whether a delivery had alerts: integrations are also sent what has none. */
function isOfAlerts({ alerts, owed, failure }: Evidence["deliveries"][number]): boolean {
  return alerts > 0 || owed > 0 || failure !== null;
}

/** The scope of an audit, with what it was narrowed to: `narrowed: accounts 111122223333`. */
function scopeOf({ scope, narrowedTo }: Evidence["audits"][number]): string {
  const parts = Object.entries(narrowedTo ?? {}).filter(([, names]) => names !== null);
  const texts = parts.map(([name, names]) => `${name} ${(names ?? []).join(" ")}`);
  return [scope, ...texts].join(", ");
}

type ReasonSpan = {
  readonly from: string;
  readonly to: string;
  readonly audits: number;
  readonly reasons: string;
};

/** The reasons for what was not audited, once for audits in a row that have the same. */
function reasonSpansOf(audits: Evidence["audits"]): readonly ReasonSpan[] {
  const spans: ReasonSpan[] = [];
  for (const audit of audits) {
    if (audit.scope === "narrowed" && reasonsOf(audit) === "") continue;
    const [reasons, day] = [reasonsOf(audit), dayOf(audit.startedAt)];
    const last = spans.at(-1);
    if (last?.reasons === reasons) spans[spans.length - 1] = { ...last, to: day, audits: last.audits + 1 };
    else spans.push({ from: day, to: day, audits: 1, reasons });
  }
  return spans.filter(({ reasons }) => reasons !== "");
}

function reasonsOf({ gaps, excludedBy }: Evidence["audits"][number]): string {
  return [
    ...gaps.map(({ reason, state, gaps: number }) => `${reason} (${state}): ${number}`),
    ...excludedBy.map(({ reason, accounts }) => `${reason}: ${accounts}`),
  ].join(", ");
}

function dayOf(time: string): string {
  return time.slice(0, "2026-10-02".length);
}

function section(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
): ComponentChild {
  if (rows.length === 0) return [h("h2", null, title), h("p", { class: "quiet" }, "None.")];
  const numeric = heads.map((_head, column) =>
    rows.every((row) => typeof row[column] === "number" || row[column] === null),
  );
  const classOf = (column: number) => (numeric[column] === true ? "n" : undefined);
  return [
    h("h2", null, title),
    h(
      "div",
      { class: "wide", role: "region", tabIndex: 0, "aria-label": title },
      h("table", null, [
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            heads.map((head, column) => h("th", { scope: "col", class: classOf(column) }, head)),
          ),
        ),
        h(
          "tbody",
          null,
          rows.map((row) =>
            h(
              "tr",
              null,
              row.map((cell, column) =>
                h(
                  "td",
                  { class: isWhole(cell) ? "d" : classOf(column) },
                  typeof cell === "number" ? grouped(cell) : cell === null ? "–" : shown(cell),
                ),
              ),
            ),
          ),
        ),
      ]),
    ),
  ];
}

/** Whether a cell is a short word, a time, or how something ended: it is not broken into two lines. */
function isWhole(cell: Cell): boolean {
  return (
    typeof cell === "string" && /^(\S{1,25}|\d{4}-\d\d-\d\d \d\d:\d\d|[a-z]+ \d{4}-\d\d-\d\d)$/.test(cell)
  );
}
