import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { readSettings } from "../src/app/settings.ts";
import { wire } from "../src/app/wire.ts";
import type { FinalizedAudit } from "../src/audit/options.ts";
import { finish } from "./shared/finish.ts";
import { failedCallIn, type Invocation, parseInvocation } from "./shared/invocation.ts";
import { mergeEvents } from "./shared/merged-events.ts";
import { type BatchResponse, failuresOf, messagesIn, type QueuedMessage } from "./shared/queue-batch.ts";
import { responseOf } from "./shared/response.ts";
import { logger, metrics } from "./shared/telemetry.ts";
import { timeLeftOf } from "./shared/time-left.ts";

/**
 * Runs an audit, delivers the report, and returns its figures with the first findings. An event about a call that failed
 * audits nothing. A batch of events from a queue is one audit; its response names the messages that are not valid.
 *
 * @throws any error of the audit or of its delivery, so that Lambda retries and then uses the dead-letter queue
 */
async function handle(event: unknown, context: Context): Promise<unknown> {
  const messages = messagesIn(event);
  if (messages !== null) return handleBatch(messages, context);
  const skipped = failedCallIn(event);
  if (skipped !== null) {
    logger.info("Nothing to audit", { skipped });
    return { skipped };
  }
  const { report, location } = await audit(parseInvocation(event), context);
  return responseOf(report, location);
}

async function handleBatch(messages: readonly QueuedMessage[], context: Context): Promise<BatchResponse> {
  const { invocation, refused, skipped } = mergeEvents(messages);
  for (const { messageId, problem } of refused)
    logger.error("A message is not valid", { messageId, problem });
  if (skipped.length > 0) logger.info("Nothing to audit", { skipped });
  if (invocation !== null) await audit(invocation, context);
  return failuresOf(refused);
}

async function audit(
  { request, dryRun, notify, changes, pulls }: Invocation,
  context: Context,
): Promise<FinalizedAudit> {
  const auditor = await wire(readSettings(process.env));
  logger.info("Audit begins", { request, dryRun });
  const finalized = await auditor.run(request, {
    dryRun,
    notify,
    changes,
    pulls,
    publish: true,
    includePassing: false,
    onProgress: () => undefined,
    timeLeft: timeLeftOf(context),
  });
  finish(finalized);
  return finalized;
}

/** The deployed handler. */
export const handler = middy(handle)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(logMetrics(metrics));
