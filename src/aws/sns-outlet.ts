import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Outlet } from "../audit/ports.ts";
import { renderDigest } from "../render/digest.ts";
import { regionIn } from "./arn.ts";
import type { ClientDefaults } from "./http.ts";

/** Tells people: one digest for each audit, published to a topic in the region that its ARN names. */
export function snsOutlet(topicArn: string, defaults: ClientDefaults): Outlet {
  const client = new SNSClient({ ...defaults, ...regionIn(topicArn) });
  return {
    name: `SNS topic ${topicArn}`,
    deliver: async (report, reportLocation, { signal }) => {
      const { subject, message } = renderDigest(report, { reportLocation });
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: subject,
          Message: message,
          MessageStructure: "json",
        }),
        { abortSignal: signal },
      );
    },
  };
}
