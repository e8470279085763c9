import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { readSettings } from "../src/app/settings.ts";
import { wire } from "../src/app/wire.ts";
import { finish } from "./shared/finish.ts";
import { failedCallIn, parseInvocation } from "./shared/invocation.ts";
import { responseOf } from "./shared/response.ts";
import { logger, metrics } from "./shared/telemetry.ts";
import { timeLeftOf } from "./shared/time-left.ts";

/**
 * Runs an audit, delivers the report, and returns its figures with the first findings. An event about a call that failed
 * audits nothing.
 *
 * @throws any error of the audit or of its delivery, so that Lambda retries and then uses the dead-letter queue
 */
async function handle(event: unknown, context: Context): Promise<unknown> {
  const skipped = failedCallIn(event);
  if (skipped !== null) {
    logger.info("Nothing to audit", { skipped });
    return { skipped };
  }
  const { request, dryRun, notify, change } = parseInvocation(event);
  const auditor = await wire(readSettings(process.env));
  logger.info("Audit begins", { request, dryRun });
  const finalized = await auditor.run(request, {
    dryRun,
    notify,
    change,
    publish: true,
    includePassing: false,
    onProgress: () => undefined,
    timeLeft: timeLeftOf(context),
  });
  finish(finalized);
  return responseOf(finalized.report, finalized.location);
}

/** The deployed handler. */
export const handler = middy(handle)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(logMetrics(metrics));
