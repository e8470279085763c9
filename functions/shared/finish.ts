import { DeliveryError } from "../../src/audit/deliver/deliver.ts";
import type { FinalizedAudit } from "../../src/audit/options.ts";
import { logger, recordAudit, recordDeliveryFailure } from "./telemetry.ts";

/**
 * Logs a completed audit and records its metrics.
 *
 * @throws the audit's failure to deliver or store, if any
 */
export function finish({ report, failure }: FinalizedAudit): void {
  const { auditId, status, summary, coverage } = report;
  logger.info("Audit done", {
    auditId,
    status,
    summary,
    planned: coverage.planned,
    gaps: coverage.gaps.length,
  });
  recordAudit(report);
  for (const { topicArn, heard, note } of report.topics) {
    if (heard === "not-known")
      logger.warn("The topic could not be asked who listens to it", { topicArn, note });
  }
  for (const { account, region, reason, operation, detail } of report.lookupFailures) {
    const where = { account, region, reason, operation, detail };
    logger.warn("CloudTrail could not be asked who made a change", where);
  }
  if (failure instanceof DeliveryError) recordDeliveryFailure(failure);
  if (failure !== null) throw failure;
}
