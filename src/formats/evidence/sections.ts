import { type ComponentChild, h } from "preact";
import { dayOf } from "../../render/words.ts";
import type { Evidence } from "../../schemas/evidence.ts";
import type { Cause } from "../../schemas/finding.ts";
import { capitalized } from "../html/elements.ts";
import { policyChangesOf } from "./policy-changes.ts";
import { section } from "./table.ts";

/** The sections of the page below the summary, each with a table. */
export function sections(evidence: Evidence): readonly ComponentChild[] {
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
      ["From", "Section", "Removed", "Added"],
      policyChangesOf(policies).map((one) => [one.from, one.section, one.removed, one.added]),
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
