import { byteLength } from "../../core/bytes.ts";
import { reportAccess } from "../../render/addresses.ts";
import { repositoriesArn } from "../../render/arn.ts";
import { fitting } from "../../render/escape/cut.ts";
import { safeJson } from "../../render/escape/json.ts";
import { briefGap } from "../../render/reasons.ts";
import type { DeliveryOptions } from "../../render/words.ts";
import type { Finding } from "../../schemas/finding.ts";
import { type CoverageGap, type Drift, REPORT_SCHEMA_VERSION, type Report } from "../../schemas/report.ts";
import { jsonWithin } from "./fit.ts";
import { textsOf } from "./text.ts";

/** One entry for EventBridge's PutEvents, without the bus. */
export type EventEntry = {
  readonly source: "pull-through-auditor";
  readonly detailType:
    | "Pull Through Cache Finding"
    | "Pull Through Cache Rule Drift"
    | "Pull Through Cache Audit Completed";
  /** ISO 8601. */
  readonly time: string;
  /** The affected repositories, as ARN patterns. */
  readonly resources: readonly string[];
  /** The id of the event, which is the same when it is delivered again. Also contained in `detail`. */
  readonly eventId: string;
  /** JSON, under 240 KB of UTF-8. */
  readonly detail: string;
};

/** Below the 256 KB that a bus and its consumers (SQS, Lambda) accept for one entry. */
const DETAIL_BYTES = 240_000;
const MOST_GAPS = 50;
const GAPS_BYTES = 200_000;

/**
 * Renders an audit as events: one for each finding that was opened, changed, resolved or is due a reminder, one for each
 * changed rule, and one for the audit. The `eventId` of an event is the same when the audit is delivered again. Texts
 * that are too long for an event are cut and say so.
 */
export function renderEvents(report: Report, options: DeliveryOptions): EventEntry[] {
  return [
    ...report.findings.flatMap((finding) => findingEvents(finding, report)),
    ...report.drift.map((drift) => driftEvent(drift, report)),
    completedEvent(report, options),
  ];
}

/**
 * Returns the size of an entry in a PutEvents request, in bytes.
 *
 * Source: Amazon EventBridge user guide, "Calculating PutEvents event entry size", November 2026.
 */
export function entrySize({ time, source, detailType, detail, resources }: EventEntry): number {
  const timeSize = time === "" ? 0 : 14;
  return [source, detailType, detail, ...resources].reduce((size, text) => size + byteLength(text), timeSize);
}

function findingEvents(finding: Finding, report: Report): EventEntry[] {
  const { transition, eventId } = finding;
  if (eventId === null) return [];
  const content = { transition, text: textsOf(finding), finding };
  return [entry("Pull Through Cache Finding", eventId, [repositoriesArn(finding)], content, report)];
}

function driftEvent(drift: Drift, report: Report): EventEntry {
  return entry("Pull Through Cache Rule Drift", drift.eventId, [repositoriesArn(drift)], { drift }, report);
}

function completedEvent(report: Report, { reportLocation }: DeliveryOptions): EventEntry {
  const { auditId, status, summary, coverage } = report;
  const { gaps, excludedAccounts: _accounts, ...figures } = coverage;
  const content = {
    status,
    summary,
    coverage: { ...figures, ...firstGaps(gaps) },
    report: { location: reportLocation, ...reportAccess(report, reportLocation) },
  };
  return entry("Pull Through Cache Audit Completed", auditId, [], content, report);
}

/** Returns the first gaps that fit entirely. An event that is cut further would no longer match its schema. */
function firstGaps(gaps: readonly CoverageGap[]) {
  const first = gaps.slice(0, MOST_GAPS).map(briefGap);
  const delivered = fitting(first, GAPS_BYTES, (gap) => byteLength(safeJson(gap)));
  return { gaps: delivered, gapsOmitted: gaps.length - delivered.length };
}

function entry(
  detailType: EventEntry["detailType"],
  eventId: string,
  resources: readonly string[],
  content: Readonly<Record<string, unknown>>,
  { auditId, finishedAt, baseline }: Report,
): EventEntry {
  const schemaVersion = REPORT_SCHEMA_VERSION;
  const detail = jsonWithin({ schemaVersion, eventId, auditId, baseline, ...content }, DETAIL_BYTES);
  return { source: "pull-through-auditor", detailType, time: finishedAt, resources, eventId, detail };
}
