import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { templateWith } from "../package/template-parts.ts";
import { everything } from "./combinations.ts";
import { type Effective, effective, namesIn } from "./effective.ts";
import { policyStatements } from "./iam.ts";
import { ofType } from "./resources.ts";

let all: Effective;

beforeAll(async () => {
  all = effective(await templateWith(), everything);
});

const functionSchema = z.object({
  FunctionName: z.string(),
  Runtime: z.literal("nodejs24.x"),
  Architectures: z.tuple([z.literal("arm64")]),
  TracingConfig: z.object({ Mode: z.literal("Active") }),
  // JSON lines, and no other log group than the function's own.
  LoggingConfig: z.strictObject({ LogFormat: z.literal("JSON") }),
  Role: z.unknown(),
});

describe("each function", () => {
  it("has its own log group, with an end to what is kept", () => {
    const groups = ofType("AWS::Logs::LogGroup", all).map(([, { properties }]) => properties);
    const functions = ofType("AWS::Lambda::Function", all);
    expect(functions).not.toEqual([]);
    for (const [, { properties }] of functions) {
      const { FunctionName } = functionSchema.parse(properties);
      expect(groups).toContainEqual({
        LogGroupName: `/aws/lambda/${FunctionName}`,
        RetentionInDays: expect.any(Number),
      });
    }
  });
});

describe("all that is kept", () => {
  it.each([
    ["AWS::S3::BucketPolicy", "s3:*"],
    ["AWS::SNS::TopicPolicy", "sns:Publish"],
    ["AWS::SQS::QueuePolicy", "sqs:*"],
  ])("is reached by TLS alone: %s", (type, action) => {
    const policies = ofType(type, all).filter(([name]) => name !== "ServerlessDeploymentBucketPolicy");
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
    const covered = ofType(policyType, all).flatMap(([, { properties }]) => [
      ...namesIn(properties[property]),
    ]);
    expect(covered.sort()).toEqual(
      ofType(type, all)
        .map(([name]) => name)
        .sort(),
    );
  });

  it("is encrypted", () => {
    const [topics, queues] = [ofType("AWS::SNS::Topic", all), ofType("AWS::SQS::Queue", all)];
    expect(topics).not.toEqual([]);
    expect(queues).not.toEqual([]);
    for (const [name, { properties }] of topics) {
      expect(properties, name).toMatchObject({ KmsMasterKeyId: { Ref: "Key" } });
    }
    for (const [name, { properties }] of queues) {
      expect(properties, name).toMatchObject({ SqsManagedSseEnabled: true });
    }
    for (const name of ["EventBus", "EventArchive"]) {
      expect(all.resources.get(name)?.properties, name).toMatchObject({
        KmsKeyIdentifier: { "Fn::GetAtt": ["Key", "Arn"] },
      });
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
