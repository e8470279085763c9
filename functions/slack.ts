import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { clientDefaults } from "../src/aws/http.ts";
import { readSecretValue } from "../src/aws/secret-value.ts";
import { systemClock } from "../src/local/clock.ts";
import { ConfigurationError } from "../src/policy/problem.ts";
import { logger } from "./shared/telemetry.ts";
import { digestIn, messagesIn } from "./slack/sns-event.ts";
import { openTeller } from "./slack/teller.ts";

const tell = openTeller({
  readSecret: () => readSecretValue(secretName(), clientDefaults(1, 10_000)),
  fetch: (input, init) => fetch(input, init),
  clock: systemClock,
});

/**
 * Posts the digests that a topic brings to a Slack channel. What others publish to the topic is ignored, and
 * logged as an error.
 *
 * @throws whatever keeps a digest from being posted, so that Lambda's retries and the dead-letter queue do
 *   their work
 */
async function handle(event: unknown): Promise<void> {
  for (const { id, text } of messagesIn(event)) {
    const digest = digestIn(text);
    if (digest === null) {
      logger.error("Message ignored: it is no digest of pull-through-auditor", { messageId: id });
      continue;
    }
    await tell(digest);
    logger.info("Digest posted to Slack", { messageId: id, auditId: digest.auditId });
  }
}

function secretName(): string {
  const name = process.env["AUDIT_SLACK_SECRET"] ?? "";
  if (name !== "") return name;
  throw new ConfigurationError("Environment", [{ path: "AUDIT_SLACK_SECRET", message: "is not set" }]);
}

/** The deployed handler. */
export const handler = middy(handle).use(injectLambdaContext(logger, { resetKeys: true }));
