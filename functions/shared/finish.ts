import { DeliveryError } from "../../src/audit/deliver/deliver.ts";
import type { FinalizedAudit } from "../../src/audit/options.ts";
import { logger, recordAudit, recordDeliveryFailure } from "./telemetry.ts";

/**
 * Logs and counts an audit that is done.
 *
 * @throws what kept it from being told or remembered
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
  if (failure instanceof DeliveryError) recordDeliveryFailure();
  if (failure !== null) throw failure;
}
