import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { finalizeByFleet } from "../src/app/finalize-fleet.ts";
import { readFleetSettings } from "../src/app/settings.ts";
import { parseAuditId } from "./shared/batch.ts";
import { finish } from "./shared/finish.ts";
import { headOf } from "./shared/response.ts";
import { logger, metrics } from "./shared/telemetry.ts";
import { timeLeftOf } from "./shared/time-left.ts";

/**
 * Evaluates what the fleet read, delivers the report, and returns its figures, which become the output of the execution.
 *
 * @throws any error of the audit or of its delivery, so that the state machine retries and then fails
 */
async function handle(event: unknown, context: Context): Promise<unknown> {
  const settings = readFleetSettings(process.env);
  const finalized = await finalizeByFleet(parseAuditId(event), settings, timeLeftOf(context));
  finish(finalized);
  return headOf(finalized);
}

/** The deployed handler. */
export const handler = middy(handle)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(logMetrics(metrics));
