import * as z from "zod";
import type { Batch } from "../../src/audit/fleet/collect-batch.ts";
import { accountIdSchema, auditIdSchema, regionSchema, targetSchema } from "../../src/ecr/target.ts";

const itemSchema = targetSchema.extend({ account: accountIdSchema, region: regionSchema });

/**
 * The input that the Distributed Map of serverless/fleet.asl.yml passes to the function that reads a batch (AWS Step
 * Functions developer guide, "ItemBatcher (Map)", November 2026).
 */
const batchSchema = z.object({
  BatchInput: z.object({ auditId: auditIdSchema }),
  Items: z.tuple([itemSchema], itemSchema),
});

/** Parses a batch from the state machine. @throws ZodError for anything else */
export function parseBatch(event: unknown): Batch {
  const { BatchInput, Items: targets } = batchSchema.parse(event);
  return { auditId: BatchInput.auditId, targets };
}

const pointerSchema = z.object({ auditId: auditIdSchema });

/** Parses the ID of the state machine's audit. @throws ZodError for anything else */
export function parseAuditId(event: unknown): string {
  return pointerSchema.parse(event).auditId;
}
