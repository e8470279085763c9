import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { settingNames } from "../../src/app/settings.ts";
import { complaintsAbout } from "../deploy/validator.ts";
import { choices, wordsOfAnother } from "./another-installation.ts";
import {
  allow,
  arnOf,
  propertiesOf,
  roleIn,
  type Template,
  templateWith,
  variable,
} from "./template-parts.ts";

const functionSchema = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

function environmentIn(template: Template) {
  return functionSchema.parse(propertiesOf(template, "AuditLambdaFunction")).Environment.Variables;
}

describe("the template", () => {
  let template: Template;

  beforeAll(async () => {
    template = await templateWith();
  });

  it("runs the function on Node 24 and arm64, for as long as an audit may take", () => {
    expect(propertiesOf(template, "AuditLambdaFunction")).toMatchObject({
      Handler: "functions/audit.handler",
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Timeout: 900,
      MemorySize: 1024,
      TracingConfig: { Mode: "Active" },
      Role: { "Fn::Sub": variable("AuditFunctionRole.Arn") },
    });
  });

  it("has all functions log JSON, the lines of the runtime included", async () => {
    const { Resources } = await templateWith();
    const formats = Object.entries(Resources).flatMap(([name, { Type, Properties }]) =>
      Type === "AWS::Lambda::Function" ? [[name, Properties?.["LoggingConfig"]]] : [],
    );
    expect(Object.fromEntries(formats)).toEqual({
      AuditLambdaFunction: { LogFormat: "JSON" },
      PullsLambdaFunction: { LogFormat: "JSON" },
      PlanLambdaFunction: { LogFormat: "JSON" },
      CollectLambdaFunction: { LogFormat: "JSON" },
      ConcludeLambdaFunction: { LogFormat: "JSON" },
      SlackLambdaFunction: { LogFormat: "JSON" },
    });
  });

  it("gives the function settings that it knows, and whom to tell", () => {
    const environment = environmentIn(template);
    expect(environment).toEqual({
      AUDIT_POLICY: "policies/default.json",
      AUDIT_ROLE_NAME: "pull-through-auditor",
      AUDIT_EXTERNAL_ID: "",
      AUDIT_CONCURRENCY: "100",
      AUDIT_TOPIC_ARN: { Ref: "DigestTopic" },
      AUDIT_EVENT_BUS: { Ref: "EventBus" },
      AUDIT_STORE: { "Fn::Sub": `s3://${variable("ReportBucket")}` },
      AUDIT_STORE_LOCK: {
        "Fn::If": [
          "ReportsAreLocked",
          { "Fn::Sub": `${variable("ReportLock")} ${variable("ReportRetentionInDays")}` },
          "",
        ],
      },
      AUDIT_SECURITY_HUB: { Ref: "SecurityHub" },
      POWERTOOLS_SERVICE_NAME: "pull-through-auditor-prod",
    });
    const { POWERTOOLS_SERVICE_NAME: _telemetry, ...settings } = environment;
    expect(settingNames).toEqual(expect.arrayContaining(Object.keys(settings)));
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
      Name: "pull-through-auditor-prod",
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
  let template: Template;

  beforeAll(async () => {
    template = await templateWith(wordsOfAnother);
  });

  it("reach the schedule, the function, its role and its log", () => {
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
    expect(roleIn(template, "AuditFunctionRole").grants).toContainEqual(
      expect.objectContaining(
        allow("AuditOtherAccounts", "sts:AssumeRole", {
          "Fn::Sub": `arn:${variable("AWS::Partition")}:iam::*:role/cache-audit`,
        }),
      ),
    );
    expect(propertiesOf(template, "AuditLogGroup")).toMatchObject({ RetentionInDays: 30 });
  });

  it("become defaults of the template's own", () => {
    const defaults = Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default]);
    expect(Object.fromEntries(defaults)).toEqual(
      Object.fromEntries(Object.entries(choices).map(([name, [, value]]) => [name, value])),
    );
  });

  it("name the stage", () => {
    expect(propertiesOf(template, "EventBus")).toMatchObject({ Name: "pull-through-auditor-test" });
    expect(propertiesOf(template, "AuditLambdaFunction")).toMatchObject({
      FunctionName: "pull-through-auditor-test-audit",
    });
    expect(environmentIn(template)).toMatchObject({ POWERTOOLS_SERVICE_NAME: "pull-through-auditor-test" });
  });

  it("make a template that AWS's rules find nothing wrong with", async () => {
    expect(await complaintsAbout(template)).toEqual([]);
  });
});
