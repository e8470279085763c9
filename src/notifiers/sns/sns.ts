import { GetTopicAttributesCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { NobodyHearsError } from "../../audit/deliver/deliver.ts";
import type { Notifier } from "../../audit/ports.ts";
import { countIn, nameIn, structureIn } from "../../aws/answer.ts";
import { regionIn } from "../../aws/arn.ts";
import type { ClientDefaults } from "../../aws/http.ts";
import { operation } from "../../aws/operation.ts";
import { messageOf } from "../../core/errors.ts";
import type { TopicListeners } from "../../schemas/report.ts";
import { renderDigest } from "./digest.ts";
import { mailDigest } from "./mail.ts";

/** Only a message id proves that SNS accepted the message. Not retried, because a retry could deliver it twice. */
const publish = operation({
  name: "sns:Publish",
  command: PublishCommand,
  send: (client: SNSClient, command, options) => client.send(command, options),
  read: ({ MessageId: id }) => nameIn(id, "MessageId"),
  isRepeatable: false,
});

/**
 * The counts are texts (API reference of Amazon SNS, GetTopicAttributes, November 2026). A topic without subscriptions
 * answers with zeros.
 */
const countListeners = operation({
  name: "sns:GetTopicAttributes",
  command: GetTopicAttributesCommand,
  send: (client: SNSClient, command, options) => client.send(command, options),
  read: ({ Attributes }) => {
    const attributes = structureIn(Attributes, "Attributes");
    return {
      confirmed: countIn(numberIn(attributes["SubscriptionsConfirmed"]), "SubscriptionsConfirmed"),
      pending: countIn(numberIn(attributes["SubscriptionsPending"]), "SubscriptionsPending"),
    };
  },
  isRepeatable: true,
});

function numberIn(text: unknown): unknown {
  return typeof text === "string" && /^\d+$/.test(text) ? Number(text) : text;
}

/** Asks who listens to a topic. A topic that cannot be asked, such as one of another account, counts as heard. */
async function listenersOf(
  client: SNSClient,
  topicArn: string,
  abortSignal: AbortSignal,
): Promise<TopicListeners> {
  try {
    const { confirmed, pending } = await countListeners(client, { TopicArn: topicArn }, { abortSignal });
    return { topicArn, heard: confirmed > 0 ? "confirmed" : "nobody", confirmed, pending, note: null };
  } catch (error) {
    const note = `sns:GetTopicAttributes: ${messageOf(error)}`;
    return { topicArn, heard: "not-known", confirmed: null, pending: null, note };
  }
}

/** Publishes one digest for each audit to an SNS topic, in the region of its ARN. Fails if nobody has confirmed a subscription. */
export function snsNotifier(topicArn: string, defaults: ClientDefaults): Notifier {
  const client = new SNSClient({ ...defaults, ...regionIn(topicArn) });
  let answer: Promise<TopicListeners> | null = null;
  const listeners = (signal: AbortSignal): Promise<TopicListeners> => {
    answer ??= listenersOf(client, topicArn, signal);
    return answer;
  };
  return {
    name: `SNS topic ${topicArn}`,
    listeners,
    preview: (report, reportLocation) => ({
      summary: renderDigest(report, { reportLocation }).subject,
      text: mailDigest(report, { reportLocation }),
    }),
    deliver: async (report, reportLocation, { signal }) => {
      const listening = await listeners(signal);
      if (listening.heard === "nobody") throw new NobodyHearsError(listening);
      const { subject, message } = renderDigest(report, { reportLocation });
      const digest = { TopicArn: topicArn, Subject: subject, Message: message, MessageStructure: "json" };
      await publish(client, digest, { abortSignal: signal });
    },
  };
}
