import { type ComponentChild, h } from "preact";
import { counted, grouped } from "../../render/words.ts";
import type { Evidence } from "../../schemas/evidence.ts";
import type { Cause } from "../../schemas/finding.ts";
import { capitalized, shown } from "../html/elements.ts";
import { printablePage } from "../html/printable-page.ts";
import { section } from "./table.ts";

/** The style of the page: one column, black on white, and tables that repeat their heads on each printed page. */
const style = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1e22; background: #fff; margin: 2rem auto; max-width: 76rem; padding: 0 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; }
p { max-width: 46rem; } .quiet { color: #535a63; }
table { border-collapse: collapse; width: 100%; font-size: .87em; }
th, td { text-align: left; vertical-align: top; padding: .3em .8em .3em 0; border-bottom: 1px solid #d9dde2; overflow-wrap: break-word; }
.d { white-space: nowrap; }
thead th { border-bottom: 2px solid #1b1e22; vertical-align: bottom; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } .n + :not(.n) { padding-left: .4em; }
.wide { overflow-x: auto; }
@page { size: A4 landscape; margin: 12mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 9pt; line-height: 1.4; } .wide { overflow: visible; }
  h2, h2 + p { break-after: avoid; } tr, .short table { break-inside: avoid; } thead { display: table-header-group; } }
`;

/** Renders the evidence of a period as a page to read and to print. It needs no network and runs no script. */
export function evidenceHtml(evidence: Evidence): string {
  const { from, to, store, limits } = evidence;
  const title = `Evidence of pull through cache audits, ${from} to ${to}`;
  return printablePage(title, style, [
    h("p", { class: "quiet" }, `From the stored reports in ${shown(store)}.`),
    h("h2", null, "Summary"),
    list(summaryOf(evidence)),
    h("h2", null, "What this does not show"),
    list(limits),
    ...sections(evidence),
  ]);
}

function list(sentences: readonly string[]): ComponentChild {
  return h(
    "ul",
    null,
    sentences.map((sentence) => h("li", null, sentence)),
  );
}

function summaryOf(evidence: Evidence): readonly string[] {
  const { nights, audits, findings, verification } = evidence;
  const [resolved, waived] = [count(findings, "resolved"), count(findings, "waived")].map(grouped);
  return [
    `${nights.audited} of ${counted(nights.days, "day has", "days have")} an audit of the whole scope.${narrowedText(audits)}`,
    ...coverageText(audits),
    `${grouped(findings.length)} findings failed in the period; ${resolved} were resolved, ${waived} waived, and ${grouped(count(findings, "open"))} were open at its end${openText(evidence)}.`,
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
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
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
  const {
    nights,
    audits,
    unread,
    policies,
    findings,
    resolution,
    requirements,
    waivers,
    deliveries,
    verification,
  } = evidence;
  const changes = policies.flatMap(({ from, changes: list }) =>
    (list ?? []).map((one) => ({ from, ...one })),
  );
  return [
    h("h2", null, "Days without an audit of the whole scope"),
    nights.missing.length === 0
      ? h("p", { class: "quiet" }, "None.")
      : h("p", null, nights.missing.join(", ")),
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
      [
        "Severity",
        "What failed",
        "Account",
        "Region",
        "Prefix",
        "First seen",
        "Ended",
        "Days",
        "Owner",
        "Cause",
        "Changed by",
      ],
      findings.map((one) => [
        capitalized(one.severity),
        `${one.title} (${one.check})`,
        one.account,
        one.region,
        one.prefix ?? "whole registry",
        dayOf(one.opened),
        one.resolved === null ? "open" : `${one.end} ${dayOf(one.resolved)}`,
        one.daysOpen,
        one.owner?.name ?? "–",
        one.cause === null ? "–" : causeText(one.cause, one),
        one.changedBy === null ? "–" : within(one.changedBy.arn, one),
      ]),
      "Causes and principals are in the account and region of their finding where they name no others. The JSON has their ARNs.",
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
        "SHA-256, beginning",
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
      "Registries that could not be read in full",
      ["Account", "Name", "Regions", "Audits", "From", "To", "Reasons"],
      unread.map((one) => [
        one.account,
        one.accountName ?? "–",
        one.regions.join(", "),
        one.audits,
        one.from,
        one.to,
        one.reasons.join(", "),
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

/** A cause in words: `rule quay`, `secret:ecr-pullthroughcache/quay-AbCdEf`, `registry-policy`. */
function causeText({ kind, subject }: Cause, place: Place): string {
  const name = within(subject, place);
  return name.startsWith(kind) ? name : `${kind} ${name}`.trimEnd();
}

type Place = Pick<Evidence["findings"][number], "account" | "region">;

/** The name of a thing, without the account and the region if they are those of the finding. */
function within(name: string, { account, region }: Place): string {
  const [, place, rest = ""] = /^arn:[^:]*:[^:]*:([^:]*:[^:]*):(.*)$/s.exec(name) ?? [];
  if (place === `${region}:${account}` || place === `:${account}`) return rest;
  const ending = [` ${account} ${region}`, ` ${account}`].find((end) => ` ${name}`.endsWith(end));
  return ` ${name}`.slice(1, ending === undefined ? undefined : -ending.length);
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
