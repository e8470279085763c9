import { machineDigest } from "../../../src/notifiers/sns/machine.ts";
import { aFinding, aReport } from "../../support/report-builders.ts";
import { HUB, REGION } from "../fleet.ts";

/** A digest as it is under the key `default`. */
export const digest = machineDigest(aReport({ findings: [aFinding()] }), { reportLocation: null });

/** What Lambda gets of messages to a topic (AWS Lambda developer guide, "Using Lambda with Amazon SNS"). */
export function snsEvent(...messages: readonly string[]) {
  const topic = `arn:aws:sns:${REGION}:${HUB}:pull-through-auditor-prod`;
  return {
    Records: messages.map((Message, index) => ({
      EventSource: "aws:sns",
      EventVersion: "1.0",
      EventSubscriptionArn: `${topic}:21be56ed-a058-49f5-8c98-aedd2564c486`,
      Sns: {
        SignatureVersion: "1",
        Timestamp: "2026-11-20T02:03:13.000Z",
        Signature: "tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi+tE/1+82j",
        SigningCertUrl: "https://sns.example/SimpleNotificationService.pem",
        MessageId: `message-${index + 1}`,
        Message,
        MessageAttributes: {},
        Type: "Notification",
        UnsubscribeUrl: "https://sns.example/?Action=Unsubscribe",
        TopicArn: topic,
        Subject: "pull-through-auditor: 1 high failing",
      },
    })),
  };
}
