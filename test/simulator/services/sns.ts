import { z } from "zod";
import { parseArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { denied } from "../denial.ts";
import { type Dialect, QUERY_DIALECT } from "../dialect.ts";
import { type CallContext, operation, type Service } from "../service.ts";
import { queryProtocol } from "../wire/query.ts";
import type { Topic } from "../world.ts";
import { regionOf } from "../world-access.ts";

/** A message that a topic accepted. */
export interface PublishedMessage {
  readonly topicArn: string;
  readonly subject: string | undefined;
  /** By delivery protocol. A protocol without its own message gets `default`. */
  readonly messages: Readonly<Record<string, string>> & { readonly default: string };
  readonly attributes: Readonly<Record<string, string>>;
}

const MAX_BYTES = 256 * 1024;
const MAX_SUBJECT_CHARACTERS = 99;

const DIALECT: Dialect = {
  ...QUERY_DIALECT,
  denied: { code: "AuthorizationError", status: 403 },
  invalidInput: { code: "InvalidParameter", status: 400 },
  unknownParameter: { code: "InvalidParameter", status: 400 },
};

const messageAttribute = z.strictObject({
  Name: z.string().min(1).max(256),
  Value: z.strictObject({
    DataType: z.string().regex(/^(String|String\.Array|Number|Binary)(\..+)?$/),
    StringValue: z.string().optional(),
    BinaryValue: z.string().optional(),
  }),
});

const publishInput = z.strictObject({
  TopicArn: z.string(),
  Message: z.string().min(1),
  Subject: z.string().optional(),
  MessageStructure: z.literal("json").optional(),
  MessageAttributes: z.strictObject({ entry: z.record(z.string(), messageAttribute) }).optional(),
});

type PublishInput = z.output<typeof publishInput>;

/**
 * Simple Notification Service: Publish, and GetTopicAttributes with the counts of subscriptions, which are texts.
 * Source: SNS API reference, "Publish": 256 KiB for body and attributes, a subject below 100 characters without line
 * breaks or control characters, a `default` key in JSON messages.
 */
export const sns: Service = {
  name: "sns",
  protocol: queryProtocol({ version: "2010-03-31", namespace: "http://sns.amazonaws.com/doc/2010-03-31/" }),
  dialect: DIALECT,
  isRegional: true,
  operations: {
    GetTopicAttributes: operation(z.strictObject({ TopicArn: z.string() }), getTopicAttributes),
    Publish: operation(publishInput, publish),
  },
};

function getTopicAttributes({ TopicArn }: { readonly TopicArn: string }, call: CallContext): unknown {
  const { caller } = call;
  const { owner, topic } = topicAt(TopicArn, call);
  if (owner !== caller.accountId && !(topic.readers ?? []).includes(caller.accountId)) {
    throw denied(DIALECT, { caller, action: "SNS:GetTopicAttributes", resource: TopicArn });
  }
  const { confirmed, pending } = topic.subscriptions ?? { confirmed: 1, pending: 0 };
  const attributes = {
    TopicArn,
    Owner: owner,
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsDeleted: "0",
    SubscriptionsPending: String(pending),
  };
  return { Attributes: { entry: Object.entries(attributes).map(([key, value]) => ({ key, value })) } };
}

function publish(input: PublishInput, call: CallContext): unknown {
  refuseUnreachableTopic(input.TopicArn, call);
  refuseBadSubject(input.Subject);
  refuseOversize(input);
  const { published } = call.memory;
  published.push({
    topicArn: input.TopicArn,
    subject: input.Subject,
    messages:
      input.MessageStructure === "json" ? messagesByProtocol(input.Message) : { default: input.Message },
    attributes: attributesOf(input),
  });
  return { MessageId: `00000000-0000-4000-8000-${published.length.toString().padStart(12, "0")}` };
}

function topicAt(topicArn: string, { world, region }: CallContext): { owner: string; topic: Topic } {
  const arn = parseArn(topicArn);
  if (arn?.service !== "sns" || arn.region !== region) throw invalidParameter("TopicArn");
  const topic = regionOf(world, arn.accountId, arn.region).topics.find(({ name }) => name === arn.resource);
  if (topic === undefined) throw new AwsError("NotFound", "Topic does not exist", 404);
  return { owner: arn.accountId, topic };
}

function refuseUnreachableTopic(topicArn: string, call: CallContext): void {
  const { caller } = call;
  const { owner, topic } = topicAt(topicArn, call);
  if (owner === caller.accountId || topic.publishers.includes(caller.accountId)) return;
  throw denied(DIALECT, { caller, action: "SNS:Publish", resource: topicArn });
}

function refuseBadSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  const isBad = subject === "" || subject.length > MAX_SUBJECT_CHARACTERS || /\p{Cc}/u.test(subject);
  if (isBad) throw invalidParameter("Subject");
}

function refuseOversize(input: PublishInput): void {
  const attributes = Object.values(input.MessageAttributes?.entry ?? {});
  const texts = attributes.flatMap(({ Name, Value }) => [
    Name,
    Value.DataType,
    Value.StringValue ?? Value.BinaryValue ?? "",
  ]);
  const bytes = [input.Message, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_BYTES) throw invalidParameter("Message too long");
}

function messagesByProtocol(message: string): PublishedMessage["messages"] {
  const checked = z.object({ default: z.string() }).catchall(z.string()).safeParse(jsonIn(message));
  if (checked.success) return checked.data;
  throw invalidParameter("Message Structure - No default entry in JSON message body");
}

function jsonIn(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    throw invalidParameter("Message Structure - JSON message body failed to parse");
  }
}

function attributesOf(input: PublishInput): Record<string, string> {
  const attributes = Object.values(input.MessageAttributes?.entry ?? {});
  return Object.fromEntries(
    attributes.map(({ Name, Value }) => [Name, Value.StringValue ?? Value.BinaryValue ?? ""]),
  );
}

function invalidParameter(what: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${what}`);
}
