import {
  GetTopicAttributesCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
} from "@aws-sdk/client-sns";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { account, registry, world } from "./world-builder.ts";

const HUB = "111122223333";
const MEMBER = "444455556666";
const TOPIC = `arn:aws:sns:eu-west-1:${HUB}:audit`;

function worldWithTopics() {
  const shared = { name: "shared", publishers: [HUB] };
  const closed = { name: "closed", publishers: [] };
  return world({
    accounts: [
      account(HUB, {
        regions: { "eu-west-1": registry([], { topics: [{ name: "audit", publishers: [] }] }) },
      }),
      account(MEMBER, { regions: { "eu-west-1": registry([], { topics: [shared, closed] }) } }),
    ],
  });
}

function publish(simulator: Simulator, input: Partial<PublishCommandInput>) {
  const sns = new SNSClient(connectionTo(simulator));
  return sns.send(new PublishCommand({ TopicArn: TOPIC, Message: "hello", ...input }));
}

describe("GetTopicAttributes", () => {
  const attributesOf = async (simulator: Simulator, topicArn: string) => {
    const sns = new SNSClient(connectionTo(simulator));
    return (await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }))).Attributes;
  };

  it("counts subscriptions, as texts", async () => {
    await using simulator = await startSimulator(worldWithTopics());
    expect(await attributesOf(simulator, TOPIC)).toMatchObject({
      TopicArn: TOPIC,
      SubscriptionsConfirmed: "1",
      SubscriptionsPending: "0",
    });
  });

  it("is denied to other accounts, and refused for a topic that does not exist", async () => {
    await using simulator = await startSimulator(worldWithTopics());
    const foreign = `arn:aws:sns:eu-west-1:${MEMBER}:shared`;
    await expect(attributesOf(simulator, foreign)).rejects.toMatchObject({
      name: "AuthorizationErrorException",
    });
    await expect(attributesOf(simulator, `${TOPIC}-2`)).rejects.toMatchObject({ name: "NotFoundException" });
  });
});

describe("Publish", () => {
  it("keeps what was published, taken apart by protocol", async () => {
    await using simulator = await startSimulator(worldWithTopics());
    const messages = { default: "{}", email: 'Dear all,\nüber 100 % <green> & "fine"' };
    const answer = await publish(simulator, {
      Message: JSON.stringify(messages),
      MessageStructure: "json",
      Subject: "Audit",
      MessageAttributes: { severity: { DataType: "String", StringValue: "high" } },
    });
    expect(answer.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(simulator.published).toEqual([
      { topicArn: TOPIC, subject: "Audit", messages, attributes: { severity: "high" } },
    ]);
  });

  it("keeps a plain message as the default of all protocols", async () => {
    await using simulator = await startSimulator(worldWithTopics());
    await publish(simulator, { Message: "plain" });
    expect(simulator.published).toEqual([
      { topicArn: TOPIC, subject: undefined, messages: { default: "plain" }, attributes: {} },
    ]);
  });

  it("reaches another account's topic when that lets it", async () => {
    await using simulator = await startSimulator(worldWithTopics());
    await publish(simulator, { TopicArn: TOPIC.replace(HUB, MEMBER).replace("audit", "shared") });
    expect(simulator.published).toHaveLength(1);
    await expect(
      publish(simulator, { TopicArn: TOPIC.replace(HUB, MEMBER).replace("audit", "closed") }),
    ).rejects.toMatchObject({ name: "AuthorizationErrorException", $metadata: { httpStatusCode: 403 } });
  });

  it.each<[string, string, Partial<PublishCommandInput>]>([
    ["a topic that is not there", "NotFoundException", { TopicArn: `${TOPIC}-gone` }],
    [
      "a topic of another region",
      "InvalidParameterException",
      { TopicArn: TOPIC.replace("eu-west-1", "us-east-1") },
    ],
    ["what is no topic", "InvalidParameterException", { TopicArn: "audit" }],
    ["a subject of 100 characters", "InvalidParameterException", { Subject: "s".repeat(100) }],
    ["a subject with a line break", "InvalidParameterException", { Subject: "one\ntwo" }],
    ["a subject with a control character", "InvalidParameterException", { Subject: "bell\u0007" }],
    ["a message over 256 KiB", "InvalidParameterException", { Message: "m".repeat(262_145) }],
    [
      "a message that its attributes take over 256 KiB",
      "InvalidParameterException",
      { Message: "m".repeat(262_144), MessageAttributes: { a: { DataType: "String", StringValue: "x" } } },
    ],
    [
      "JSON without a default",
      "InvalidParameterException",
      { MessageStructure: "json", Message: '{"email":"x"}' },
    ],
    ["JSON that is none", "InvalidParameterException", { MessageStructure: "json", Message: "{" }],
    ["an unknown structure", "InvalidParameterException", { MessageStructure: "xml" }],
  ])("refuses %s", async (_what, name, input) => {
    await using simulator = await startSimulator(worldWithTopics());
    await expect(publish(simulator, input)).rejects.toMatchObject({ name });
    expect(simulator.published).toEqual([]);
  });

  it("takes what is just within the limits", async () => {
    await using simulator = await startSimulator(worldWithTopics());
    await publish(simulator, { Subject: "s".repeat(99), Message: "m".repeat(262_144) });
    expect(simulator.published).toHaveLength(1);
  });
});
