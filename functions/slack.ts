import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { clientDefaults } from "../src/aws/http.ts";
import { readSecretValue } from "../src/aws/secret-value.ts";
import { ConfigurationError } from "../src/core/problem.ts";
import { systemClock } from "../src/local/clock.ts";
import { logger } from "./shared/telemetry.ts";
import { timeLeftOf } from "./shared/time-left.ts";
import { recentTexts } from "./slack/posted-once.ts";
import { openSlackPoster } from "./slack/poster.ts";
import { digestIn, messagesIn, type TopicMessage } from "./slack/sns-event.ts";

const deliverOnce = openSlackPoster({
  readSecret: () => readSecretValue(secretName(), clientDefaults(1, 10_000)),
  fetch: (input, init) => fetch(input, init),
  clock: systemClock,
});

/** The IDs of the messages that this process posted: SNS and Lambda may deliver a message more than once. */
const posted = recentTexts(1_000);

/**
 * Posts the digests from an SNS topic to a Slack channel. Messages from other publishers are ignored, and logged as
 * errors.
 *
 * @throws any error that keeps a digest from being posted, so that Lambda retries and then uses the dead-letter queue
 */
async function handle(event: unknown, context: Context): Promise<void> {
  const failures: unknown[] = [];
  for (const message of messagesIn(event)) {
    try {
      await post(message, timeLeftOf(context));
    } catch (error) {
      // One failure must not keep the other messages from being posted.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function post({ id, text }: TopicMessage, timeLeft: () => number): Promise<void> {
  if (posted.has(id)) {
    logger.info("Digest was already posted to Slack", { messageId: id });
    return;
  }
  const digest = digestIn(text);
  if (digest === null) {
    logger.error("Message ignored: not a digest of pull-through-auditor", { messageId: id });
    return;
  }
  await deliverOnce(digest, timeLeft);
  posted.add(id);
  logger.info("Digest posted to Slack", { messageId: id, auditId: digest.auditId });
}

function secretName(): string {
  const name = process.env["AUDIT_SLACK_SECRET"] ?? "";
  if (name !== "") return name;
  throw new ConfigurationError("Environment", [{ path: "AUDIT_SLACK_SECRET", message: "is not set" }]);
}

/** The deployed handler. */
export const handler = middy(handle).use(injectLambdaContext(logger, { resetKeys: true }));
