import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { templateWith } from "../package/template-parts.ts";
import { combinations, everything, nameOf } from "./combinations.ts";
import { type Effective, effective, namesIn, type Resource } from "./effective.ts";
import { policyStatements, roleIn, type Statement } from "./iam.ts";

let template: unknown;
let all: Effective;

beforeAll(async () => {
  template = await templateWith();
  all = effective(template, everything);
}, 60_000);

function ofType(type: string, { resources }: Effective = all): readonly (readonly [string, Resource])[] {
  return [...resources].filter(([, resource]) => resource.type === type);
}

function refersTo(value: unknown, name: string): boolean {
  return namesIn(value).has(name);
}

/** Whether a statement lets a service act for these resources alone. */
function letsIn(statement: Statement, service: string, sources: readonly string[]): boolean {
  const { Effect, Principal, Condition } = statement;
  const source = Condition["ArnEquals"]?.["aws:SourceArn"];
  return (
    Effect === "Allow" &&
    JSON.stringify(Principal) === JSON.stringify({ Service: service }) &&
    sources.every((name) => refersTo(source, name))
  );
}

describe("in every combination", () => {
  it("nothing refers to what is not deployed", () => {
    for (const combination of combinations) {
      const { parameters, resources, outputs } = effective(template, combination);
      const known = new Set([...Object.keys(parameters), ...resources.keys()]);
      for (const [name, { refersTo: names }] of [...resources, ...outputs]) {
        const dangling = [...names].filter((each) => !known.has(each));
        expect(dangling, `${name} with ${nameOf(combination)}`).toEqual([]);
      }
    }
  });

  it("exactly one schedule is there, and starts what is there", () => {
    for (const combination of combinations) {
      const schedules = ofType("AWS::Scheduler::Schedule", effective(template, combination));
      expect(
        schedules.map(([name]) => name),
        nameOf(combination),
      ).toEqual([combination["Mode"] === "fleet" ? "FleetSchedule" : "AuditSchedule"]);
    }
  });

  it("each queue has an alarm, and each alarm has somebody to tell", () => {
    for (const combination of combinations) {
      const deployed = effective(template, combination);
      const alarms = ofType("AWS::CloudWatch::Alarm", deployed);
      for (const [queue] of ofType("AWS::SQS::Queue", deployed)) {
        const watching = alarms.filter(
          ([, { properties }]) =>
            properties["MetricName"] === "ApproximateNumberOfMessagesVisible" &&
            refersTo(properties["Dimensions"], queue),
        );
        expect(watching, queue).toHaveLength(1);
      }
      for (const [name, { properties }] of alarms) {
        const topic = [{ Ref: "AlarmTopic" }];
        expect(properties, name).toMatchObject({ AlarmActions: topic, OKActions: topic });
      }
    }
  });
});

const functionSchema = z.object({
  FunctionName: z.string(),
  Runtime: z.literal("nodejs24.x"),
  Architectures: z.tuple([z.literal("arm64")]),
  TracingConfig: z.object({ Mode: z.literal("Active") }),
  LoggingConfig: z.undefined().optional(),
  Role: z.unknown(),
});

describe("each function", () => {
  it("has its own log group, with an end to what is kept", () => {
    const groups = ofType("AWS::Logs::LogGroup").map(([, { properties }]) => properties);
    for (const [, { properties }] of ofType("AWS::Lambda::Function")) {
      const { FunctionName } = functionSchema.parse(properties);
      expect(groups).toContainEqual({
        LogGroupName: `/aws/lambda/${FunctionName}`,
        RetentionInDays: expect.any(Number),
      });
    }
  });
});

describe("what starts something without waiting for the end", () => {
  it("a function keeps what failed in a queue, as its role allows", () => {
    const invoked = ofType("AWS::Lambda::EventInvokeConfig");
    expect(invoked.length).toBeGreaterThanOrEqual(2);
    for (const [name, { properties }] of invoked) {
      const [queue = ""] = namesIn(properties["DestinationConfig"]);
      expect(all.resources.get(queue)?.type, name).toBe("AWS::SQS::Queue");
      const [lambda = ""] = namesIn(properties["FunctionName"]);
      const [role = ""] = namesIn(all.resources.get(lambda)?.properties["Role"]);
      expect(roleIn(all, role).grants, name).toContainEqual(sending(queue));
    }
  });

  it("a schedule keeps what it could not start in a queue, as its role allows", () => {
    for (const Mode of ["single", "fleet"]) {
      const deployed = effective(template, { ...everything, Mode });
      for (const [name, { properties }] of ofType("AWS::Scheduler::Schedule", deployed)) {
        const target = z
          .object({ RoleArn: z.unknown(), DeadLetterConfig: z.unknown() })
          .parse(properties["Target"]);
        expect([...namesIn(target.DeadLetterConfig)], name).toEqual(["DeadLetterQueue"]);
        const [role = ""] = namesIn(target.RoleArn);
        expect(roleIn(deployed, role).grants, name).toContainEqual(sending("DeadLetterQueue"));
      }
    }
  });

  it("a rule on the bus may invoke its function, and keeps what it could not deliver in a queue that lets it", () => {
    const rules = ofType("AWS::Events::Rule");
    expect(rules.map(([name]) => name).sort()).toEqual(["PullFailed", "RuleChanged"]);
    const statements = policyStatements(all, "DeadLetterQueuePolicy");
    const permissions = ofType("AWS::Lambda::Permission").map(([, { properties }]) => properties);
    for (const [name, { properties }] of rules) {
      expect(properties["Targets"]).toMatchObject([
        {
          Arn: { "Fn::GetAtt": ["AuditLambdaFunction", "Arn"] },
          RetryPolicy: { MaximumEventAgeInSeconds: 7200 },
          DeadLetterConfig: { Arn: { "Fn::GetAtt": ["DeadLetterQueue", "Arn"] } },
        },
      ]);
      expect(statements.some((statement) => letsIn(statement, "events.amazonaws.com", [name]))).toBe(true);
      expect(permissions).toContainEqual({
        FunctionName: { Ref: "AuditLambdaFunction" },
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
        SourceArn: { "Fn::GetAtt": [name, "Arn"] },
      });
    }
  });

  it("the topic keeps what it could not hand to Slack in a queue that lets it", () => {
    expect(all.resources.get("SlackSubscription")?.properties["RedrivePolicy"]).toEqual({
      deadLetterTargetArn: { "Fn::GetAtt": ["SlackDeadLetterQueue", "Arn"] },
    });
    const statements = policyStatements(all, "SlackDeadLetterQueuePolicy");
    expect(statements.some((statement) => letsIn(statement, "sns.amazonaws.com", ["DigestTopic"]))).toBe(
      true,
    );
  });

  it("alarms reach their topic, which lets them publish with its key", () => {
    const ofAccount = { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } };
    for (const policy of ["AlarmTopicPolicy", "Key"]) {
      expect(policyStatements(all, policy), policy).toContainEqual(
        expect.objectContaining({
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Condition: expect.objectContaining(ofAccount),
        }),
      );
    }
    expect(all.resources.get("AlarmTopic")?.properties["KmsMasterKeyId"]).toEqual({ Ref: "Key" });
  });
});

function sending(queue: string): unknown {
  return expect.objectContaining({
    Effect: "Allow",
    Action: ["sqs:SendMessage"],
    Resource: { "Fn::GetAtt": [queue, "Arn"] },
  });
}

describe("all that is kept", () => {
  it.each([
    ["AWS::S3::BucketPolicy", "s3:*"],
    ["AWS::SNS::TopicPolicy", "sns:Publish"],
    ["AWS::SQS::QueuePolicy", "sqs:*"],
  ])("is reached by TLS alone: %s", (type, action) => {
    const policies = ofType(type).filter(([name]) => name !== "ServerlessDeploymentBucketPolicy");
    expect(policies).not.toEqual([]);
    for (const [name] of policies) {
      expect(policyStatements(all, name), name).toContainEqual(
        expect.objectContaining({
          Effect: "Deny",
          Principal: "*",
          Action: [action],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      );
    }
  });

  it.each([
    ["AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"],
    ["AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"],
  ])("has one policy: %s", (type, policyType, property) => {
    const covered = ofType(policyType).flatMap(([, { properties }]) => [...namesIn(properties[property])]);
    expect(covered.sort()).toEqual(
      ofType(type)
        .map(([name]) => name)
        .sort(),
    );
  });

  it("is encrypted", () => {
    for (const [name, { properties }] of ofType("AWS::SNS::Topic")) {
      expect(properties, name).toMatchObject({ KmsMasterKeyId: { Ref: "Key" } });
    }
    for (const [name, { properties }] of ofType("AWS::SQS::Queue")) {
      expect(properties, name).toMatchObject({ SqsManagedSseEnabled: true });
    }
    expect(all.resources.get("ReportBucket")?.properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: "aws:kms",
              KMSMasterKeyID: { "Fn::GetAtt": ["Key", "Arn"] },
            },
          },
        ],
      },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      VersioningConfiguration: { Status: "Enabled" },
    });
  });
});
