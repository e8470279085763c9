import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { readSettings } from "../src/app/settings.ts";
import { type Auditor, wire } from "../src/app/wire.ts";
import { type DueRules, requestFor } from "../src/audit/pulls/hear.ts";
import { registryKey } from "../src/ecr/registry.ts";
import { finish } from "./shared/finish.ts";
import { InvalidEventError } from "./shared/invocation.ts";
import { pullsIn } from "./shared/pull-messages.ts";
import { type BatchResponse, failuresOf, messagesIn } from "./shared/queue-batch.ts";
import { logger, metrics } from "./shared/telemetry.ts";
import { timeLeftOf } from "./shared/time-left.ts";

/**
 * Records the pulls that accounts forwarded, and audits the rules of which something else is to be said now: one audit for
 * the whole batch. Messages that are not valid, or not of the policy's scope, change nothing; they are logged and not
 * delivered again.
 *
 * @returns the messages that could not be recorded, or whose audit failed
 * @throws InvalidEventError if it is not a batch of a queue; ConfigurationError, CannotStartError
 */
async function handle(event: unknown, context: Context): Promise<BatchResponse> {
  const messages = messagesIn(event);
  if (messages === null) throw new InvalidEventError("The event is not a batch of messages of an SQS queue.");
  const { pulls, refused } = pullsIn(messages);
  for (const { messageId, problem } of refused)
    logger.error("A message is not valid", { messageId, problem });
  if (pulls.length === 0) return failuresOf([]);

  const messageOf = new Map(pulls.map(({ event: pull, messageId }) => [pull, messageId]));
  const auditor = await wire(readSettings(process.env));
  const heard = await auditor.hear(pulls.map(({ event: pull }) => pull));
  for (const { event: pull, problem } of heard.refused) {
    const { account, region, prefix } = pull;
    logger.error("A pull is not recorded", {
      messageId: messageOf.get(pull),
      account,
      region,
      prefix,
      problem,
    });
  }
  for (const { event: pull, problem } of heard.failed) {
    logger.error("A pull could not be recorded", { messageId: messageOf.get(pull), problem });
  }
  logger.info("Pulls recorded", { events: pulls.length, registriesDue: heard.due.length });

  const unaudited = heard.due.length === 0 || (await isAudited(heard.due, auditor, context)) ? [] : heard.due;
  const again = new Set(unaudited.map(({ registry }) => registryKey(registry)));
  const failed = new Set(heard.failed.map(({ event: pull }) => pull));
  return failuresOf(pulls.filter(({ event: pull }) => failed.has(pull) || again.has(registryKey(pull))));
}

/** Audits the rules that are due. Whether that succeeded and was delivered. */
async function isAudited(due: readonly DueRules[], auditor: Auditor, context: Context): Promise<boolean> {
  const request = requestFor(due);
  logger.info("Audit begins", { request });
  try {
    const finalized = await auditor.run(request, {
      dryRun: false,
      notify: null,
      publish: true,
      includePassing: false,
      onProgress: () => undefined,
      timeLeft: timeLeftOf(context),
    });
    finish(finalized);
    await auditor.settle(due, finalized.report);
    return true;
  } catch (error) {
    logger.error("The audit of the rules failed; the queue delivers their messages again", { error });
    return false;
  } finally {
    // Most batches lead to no audit, and have no metrics.
    metrics.publishStoredMetrics();
  }
}

/** The deployed handler. */
export const handler = middy(handle).use(injectLambdaContext(logger, { resetKeys: true }));
