import { GetTopicAttributesCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NobodyHearsError } from "../../../src/audit/deliver/deliver.ts";
import { clientDefaults } from "../../../src/aws/http.ts";
import { renderDigest } from "../../../src/notifiers/sns/digest.ts";
import { snsNotifier } from "../../../src/notifiers/sns/sns.ts";
import { serviceError } from "../../aws/trouble.ts";
import { mockedClient } from "../../support/mocked-client.ts";
import { aFinding, aReport } from "../../support/report-builders.ts";
import { unhurried } from "../../support/unhurried.ts";

const topicArn = "arn:aws:sns:ap-south-1:111122223333:ecr-audits";
const report = aReport({ findings: [aFinding()] });
const sns = mockedClient(SNSClient);
let notifier = snsNotifier(topicArn, clientDefaults(1, 1_000));

function subscriptions(confirmed: string, pending: string): void {
  sns
    .on(GetTopicAttributesCommand)
    .resolves({ Attributes: { SubscriptionsConfirmed: confirmed, SubscriptionsPending: pending } });
}

beforeEach(() => {
  sns.reset();
  // Asks who listens only once.
  notifier = snsNotifier(topicArn, clientDefaults(1, 1_000));
  subscriptions("1", "0");
  vi.stubEnv("AWS_REGION", "eu-west-1");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("snsNotifier", () => {
  test("is named after its topic", () => {
    expect(notifier.name).toBe(`SNS topic ${topicArn}`);
  });

  test("publishes one digest with a text for each kind of subscriber", async () => {
    sns.on(PublishCommand).resolves({ MessageId: "1" });
    await notifier.deliver(report, "s3://reports/1", unhurried);
    const published = sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);
    const { subject, message } = renderDigest(report, { reportLocation: "s3://reports/1" });
    expect(published).toStrictEqual([
      { TopicArn: topicArn, Subject: subject, Message: message, MessageStructure: "json" },
    ]);
    expect(JSON.parse(message)).toMatchObject({ default: expect.any(String) });
  });

  test("publishes in the topic's region, wherever the audit runs", async () => {
    sns.on(PublishCommand).resolves({ MessageId: "1" });
    await notifier.deliver(report, null, unhurried);
    const client: unknown = sns.send.firstCall.thisValue;
    expect(client).toBeInstanceOf(SNSClient);
    expect(client instanceof SNSClient && (await client.config.region())).toBe("ap-south-1");
  });

  test.each([
    ["0", "0", "subscribe somebody"],
    ["0", "2", "2 still to be confirmed"],
  ])(
    "publishes nothing to a topic with %s confirmed and %s pending subscriptions",
    async (confirmed, pending, hint) => {
      subscriptions(confirmed, pending);
      await expect(notifier.deliver(report, null, unhurried)).rejects.toThrow(NobodyHearsError);
      await expect(notifier.deliver(report, null, unhurried)).rejects.toThrow(hint);
      expect(sns.commandCalls(PublishCommand)).toHaveLength(0);
      expect(await notifier.listeners?.(unhurried.signal)).toEqual({
        topicArn,
        heard: "nobody",
        confirmed: 0,
        pending: Number(pending),
        note: null,
      });
      expect(sns.commandCalls(GetTopicAttributesCommand)).toHaveLength(1);
    },
  );

  test.each([
    ["a denial", () => sns.on(GetTopicAttributesCommand).rejects(serviceError("AuthorizationError", 403))],
    ["no attributes", () => sns.on(GetTopicAttributesCommand).resolves({})],
    ["a count that is none", () => subscriptions("none", "0")],
  ])("publishes to a topic that answers with %s, and notes it", async (_what, answer) => {
    answer();
    sns.on(PublishCommand).resolves({ MessageId: "1" });
    await notifier.deliver(report, null, unhurried);
    expect(sns.commandCalls(PublishCommand)).toHaveLength(1);
    expect(await notifier.listeners?.(unhurried.signal)).toMatchObject({
      heard: "not-known",
      note: expect.stringContaining("sns:GetTopicAttributes"),
    });
  });

  test("throws if the topic rejects it", async () => {
    const refusal = serviceError("AuthorizationError", 403);
    sns.on(PublishCommand).rejects(refusal);
    await expect(notifier.deliver(report, null, unhurried)).rejects.toBe(refusal);
  });
});
