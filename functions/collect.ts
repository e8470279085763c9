import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { collectByFleet } from "../src/app/collect-batch.ts";
import { readFleetSettings } from "../src/app/settings.ts";
import type { LedgerLine } from "../src/audit/fleet/collect-batch.ts";
import { parseBatch } from "./shared/batch.ts";
import { logger } from "./shared/telemetry.ts";
import { timeLeftOf } from "./shared/time-left.ts";

/**
 * Reads one batch of an audit's registries, writes it to the storage, and returns a summary. Registries that there is
 * no time for become gaps.
 *
 * @throws any error that keeps the batch from being read, so that the state machine retries
 */
async function handle(event: unknown, context: Context): Promise<LedgerLine> {
  const batch = parseBatch(event);
  const line = await collectByFleet(batch, readFleetSettings(process.env), timeLeftOf(context));
  logger.info("Batch read", { auditId: batch.auditId, ...line });
  return line;
}

/** The deployed handler. */
export const handler = middy(handle).use(injectLambdaContext(logger, { resetKeys: true }));
