import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
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
const notifier = snsNotifier(topicArn, clientDefaults(1, 1_000));

beforeEach(() => {
  sns.reset();
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

  test("throws if the topic rejects it", async () => {
    const refusal = serviceError("AuthorizationError", 403);
    sns.on(PublishCommand).rejects(refusal);
    await expect(notifier.deliver(report, null, unhurried)).rejects.toBe(refusal);
  });
});
