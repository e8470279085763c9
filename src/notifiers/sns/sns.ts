import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Notifier } from "../../audit/ports.ts";
import { nameIn } from "../../aws/answer.ts";
import { regionIn } from "../../aws/arn.ts";
import type { ClientDefaults } from "../../aws/http.ts";
import { operation } from "../../aws/operation.ts";
import { renderDigest } from "./digest.ts";

/** Only a message id proves that SNS accepted the message. Not retried, because a retry could deliver it twice. */
const publish = operation({
  name: "sns:Publish",
  command: PublishCommand,
  send: (client: SNSClient, command, options) => client.send(command, options),
  read: ({ MessageId: id }) => nameIn(id, "MessageId"),
  isRepeatable: false,
});

/** Publishes one digest for each audit to an SNS topic, in the region of its ARN. */
export function snsNotifier(topicArn: string, defaults: ClientDefaults): Notifier {
  const client = new SNSClient({ ...defaults, ...regionIn(topicArn) });
  return {
    name: `SNS topic ${topicArn}`,
    deliver: async (report, reportLocation, { signal }) => {
      const { subject, message } = renderDigest(report, { reportLocation });
      const digest = { TopicArn: topicArn, Subject: subject, Message: message, MessageStructure: "json" };
      await publish(client, digest, { abortSignal: signal });
    },
  };
}
