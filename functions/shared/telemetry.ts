import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { DeliveryError } from "../../src/audit/deliver/deliver.ts";
import { type Severity, severities } from "../../src/schemas/finding.ts";
import type { Coverage, Report } from "../../src/schemas/report.ts";
import { logPlainOutput } from "./plain-output.ts";

/** Identifies the installation: each metric has it as its dimension `service`. */
const serviceName = process.env["POWERTOOLS_SERVICE_NAME"] ?? "pull-through-auditor";

/** The functions' log: JSON lines, each a fixed message with fields. */
export const logger = new Logger({ serviceName });
logPlainOutput(logger);

/** The functions' metrics, written to the log in CloudWatch's embedded metric format. */
export const metrics = new Metrics({ namespace: "PullThroughAuditor", serviceName, logger });

const metricOf: Record<Severity, string> = {
  critical: "FailingCritical",
  high: "FailingHigh",
  medium: "FailingMedium",
  low: "FailingLow",
  informational: "FailingInformational",
};

/**
 * Records the figures of a completed audit, once for all audits and once by trigger: only audits of the same registries
 * are comparable over time. Alarms and the dashboard use these names (`serverless/alarms.yml`).
 */
export function recordAudit({ summary, coverage, drift, trigger, startedAt, finishedAt }: Report): void {
  metrics.addDimensions({}).addDimensions({ trigger });
  record("AuditsCompleted", 1);
  metrics.addMetric("AuditDuration", MetricUnit.Milliseconds, Date.parse(finishedAt) - Date.parse(startedAt));
  record("Rules", summary.rules);
  record("RulesChanged", drift.length);
  for (const severity of severities) record(metricOf[severity], summary.failing[severity]);
  record("FindingsOpened", summary.transitions.opened);
  record("FindingsResolved", summary.transitions.resolved);
  record("RegistriesPlanned", coverage.planned);
  record("RegistriesUnseen", coverage.partial + coverage.unreachable);
  record("RegistriesThrottled", registriesThrottled(coverage));
  metrics.addMetric("Coverage", MetricUnit.Percent, percentSeen(coverage));
}

/** The share of audited registries. An audit without any registry has 0 %, so that it does not look healthy. */
function percentSeen({ planned, audited }: Coverage): number {
  return planned === 0 ? 0 : (100 * audited) / planned;
}

function registriesThrottled({ gaps }: Coverage): number {
  const throttled = gaps.filter(({ reason }) => reason === "throttled");
  return new Set(throttled.map(({ account, region }) => `${account}/${region}`)).size;
}

/** Records that an audit was completed but could not be delivered. */
export function recordDeliveryFailure({ topicsUnheard }: Pick<DeliveryError, "topicsUnheard">): void {
  record("DeliveryFailures", 1);
  record("TopicsUnheard", topicsUnheard);
}

function record(name: string, count: number): void {
  metrics.addMetric(name, MetricUnit.Count, count);
}
