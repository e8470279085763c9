import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { settingNames } from "../../src/settings.ts";
import type { Template } from "./service.ts";
import { allow, arnOf, isSet, propertiesOf, roleIn, templateWith } from "./template-parts.ts";

const functionSchema = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

function environmentIn(template: Template) {
  return functionSchema.parse(propertiesOf(template, "AuditLambdaFunction")).Environment.Variables;
}

/** An ARN of the partition that the stack is in. */
function arnIn(rest: string) {
  return { "Fn::Sub": `arn:${pseudo("Partition")}:${rest}` };
}

function pseudo(parameter: string) {
  return `\${AWS::${parameter}}`;
}

describe("the template", () => {
  let template: Template;

  beforeAll(async () => {
    template = await templateWith();
  }, 60_000);

  it("runs the function on Node 24 and arm64, for as long as an audit may take", () => {
    expect(propertiesOf(template, "AuditLambdaFunction")).toMatchObject({
      Handler: "functions/audit.handler",
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Timeout: 900,
      MemorySize: 1024,
      Role: arnOf("AuditFunctionRole"),
    });
  });

  it("gives the function settings that it knows, and whom to tell", () => {
    const environment = environmentIn(template);
    expect(environment).toEqual({
      AUDIT_POLICY: "policies/default.json",
      AUDIT_ROLE_NAME: "pull-through-auditor",
      AUDIT_EXTERNAL_ID: "",
      AUDIT_CONCURRENCY: "50",
      AUDIT_TOPIC_ARN: { Ref: "DigestTopic" },
      AUDIT_EVENT_BUS: { Ref: "EventBus" },
    });
    expect(settingNames).toEqual(expect.arrayContaining(Object.keys(environment)));
  });

  it("tries a failed audit again, and then keeps it in the dead-letter queue", () => {
    expect(propertiesOf(template, "AuditLambdaEvConf")).toMatchObject({
      FunctionName: { Ref: "AuditLambdaFunction" },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: arnOf("DeadLetterQueue") } },
    });
  });

  it("starts the function by a schedule, and keeps what could not be started in the dead-letter queue", () => {
    expect(propertiesOf(template, "AuditSchedule")).toEqual({
      Description: expect.any(String),
      ScheduleExpression: "cron(0 2 * * ? *)",
      ScheduleExpressionTimezone: "Etc/UTC",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: arnOf("AuditLambdaFunction"),
        RoleArn: arnOf("AuditScheduleRole"),
        RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 7200 },
        DeadLetterConfig: { Arn: arnOf("DeadLetterQueue") },
      },
    });
  });

  it("encrypts what waits to be read, and keeps logs for a time", () => {
    expect(propertiesOf(template, "DigestTopic")).toMatchObject({ KmsMasterKeyId: "alias/aws/sns" });
    expect(propertiesOf(template, "DeadLetterQueue")).toMatchObject({ SqsManagedSseEnabled: true });
    expect(propertiesOf(template, "AuditLogGroup")).toMatchObject({ RetentionInDays: 90 });
  });

  it("has no roles but the functions' and the schedule's", () => {
    const roles = Object.entries(template.Resources).filter(([, { Type }]) => Type === "AWS::IAM::Role");
    expect(roles.map(([name]) => name).sort()).toEqual([
      "AuditFunctionRole",
      "AuditScheduleRole",
      "SlackFunctionRole",
    ]);
  });

  it("lets the function do what an audit needs, and nothing else", () => {
    const { trust, grants } = roleIn(template, "AuditFunctionRole");
    expect(trust).toEqual([
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(grants).toEqual([
      allow("AuditOtherAccounts", "sts:AssumeRole", arnIn("iam::*:role/pull-through-auditor")),
      allow(
        "AuditThisAccount",
        [
          "ecr:DescribePullThroughCacheRules",
          "ecr:DescribeRepositoryCreationTemplates",
          "ecr:GetRegistryPolicy",
          "ecr:GetRegistryScanningConfiguration",
          "ecr:ValidatePullThroughCacheRule",
          "organizations:ListAccounts",
        ],
        "*",
      ),
      allow(
        "DescribeSecretsOfThisAccount",
        "secretsmanager:DescribeSecret",
        arnIn(`secretsmanager:*:${pseudo("AccountId")}:secret:ecr-pullthroughcache/*`),
      ),
      allow(
        "ListRegionsOfThisAccount",
        "account:ListRegions",
        arnIn(`account::${pseudo("AccountId")}:account`),
      ),
      allow("TellPeople", "sns:Publish", { Ref: "DigestTopic" }),
      allow("TellMachines", ["events:DescribeEventBus", "events:PutEvents"], arnOf("EventBus")),
      allow("KeepFailures", "sqs:SendMessage", arnOf("DeadLetterQueue")),
      allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], arnOf("AuditLogGroup")),
      { "Fn::If": ["PolicyIsInS3", allow("ReadPolicy", "s3:GetObject", ""), { Ref: "AWS::NoValue" }] },
    ]);
    expect(template.Conditions).toEqual({ PolicyIsInS3: isSet(""), SlackIsUsed: isSet("") });
  });

  it("lets this account's Scheduler start the function, and nothing else", () => {
    const { trust, grants } = roleIn(template, "AuditScheduleRole");
    expect(trust).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      },
    ]);
    expect(grants).toEqual([
      allow("StartAudit", "lambda:InvokeFunction", arnOf("AuditLambdaFunction")),
      allow("KeepFailures", "sqs:SendMessage", arnOf("DeadLetterQueue")),
    ]);
  });
});

describe("parameters", () => {
  it("reach the schedule, the function and its role", async () => {
    const parameters = {
      scheduleExpression: "rate(6 hours)",
      timeZone: "Europe/Berlin",
      roleName: "cache-audit",
      externalId: "example-corp",
      policy: "s3://example-policies/cache.json",
      policyObjectArn: "arn:aws:s3:::example-policies/cache.json",
      concurrency: "20",
      logRetentionInDays: "30",
    };
    const template = await templateWith(
      Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`),
    );
    expect(propertiesOf(template, "AuditSchedule")).toMatchObject({
      ScheduleExpression: "rate(6 hours)",
      ScheduleExpressionTimezone: "Europe/Berlin",
    });
    expect(environmentIn(template)).toMatchObject({
      AUDIT_POLICY: "s3://example-policies/cache.json",
      AUDIT_ROLE_NAME: "cache-audit",
      AUDIT_EXTERNAL_ID: "example-corp",
      AUDIT_CONCURRENCY: "20",
    });
    const { grants } = roleIn(template, "AuditFunctionRole");
    expect(grants).toContainEqual(
      allow("AuditOtherAccounts", "sts:AssumeRole", arnIn("iam::*:role/cache-audit")),
    );
    expect(template.Conditions).toEqual({
      PolicyIsInS3: isSet(parameters.policyObjectArn),
      SlackIsUsed: isSet(""),
    });
    expect(propertiesOf(template, "AuditLogGroup")).toMatchObject({ RetentionInDays: 30 });
  }, 60_000);

  it("name the stage and the region", async () => {
    const template = await templateWith(["--stage", "test", "--region", "eu-central-1"]);
    expect(propertiesOf(template, "EventBus")).toEqual({ Name: "pull-through-auditor-test" });
    expect(propertiesOf(template, "AuditLambdaFunction")).toMatchObject({
      FunctionName: "pull-through-auditor-test-audit",
    });
  }, 60_000);
});
