import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { type Severity, severities } from "../../src/model/finding.ts";
import type { Report } from "../../src/model/report.ts";

const serviceName = "pull-through-auditor";

/** The functions' log: JSON lines, each a fixed message with fields. */
export const logger = new Logger({ serviceName });

/** The functions' metrics, written to the log in CloudWatch's embedded metric format. */
export const metrics = new Metrics({ namespace: "PullThroughAuditor", serviceName });

const metricOf: Record<Severity, string> = {
  critical: "FailingCritical",
  high: "FailingHigh",
  medium: "FailingMedium",
  low: "FailingLow",
  informational: "FailingInformational",
};

/** Records the figures of an audit that is done. */
export function recordAudit({ summary, coverage, startedAt, finishedAt }: Report): void {
  metrics.addMetric("AuditsCompleted", MetricUnit.Count, 1);
  metrics.addMetric("AuditDuration", MetricUnit.Milliseconds, Date.parse(finishedAt) - Date.parse(startedAt));
  metrics.addMetric("Rules", MetricUnit.Count, summary.rules);
  for (const severity of severities) {
    metrics.addMetric(metricOf[severity], MetricUnit.Count, summary.failing[severity]);
  }
  metrics.addMetric("RegistriesPlanned", MetricUnit.Count, coverage.planned);
  metrics.addMetric("RegistriesUnseen", MetricUnit.Count, coverage.partial + coverage.unreachable);
  if (coverage.planned > 0) {
    metrics.addMetric("Coverage", MetricUnit.Percent, (100 * coverage.audited) / coverage.planned);
  }
}

/** Records that an audit was done but could not be told. */
export function recordDeliveryFailure(): void {
  metrics.addMetric("DeliveryFailures", MetricUnit.Count, 1);
}
