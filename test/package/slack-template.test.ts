import { beforeAll, describe, expect, it } from "vitest";
import {
  allow,
  arnOf,
  isSet,
  propertiesOf,
  roleIn,
  type Template,
  templateWith,
  variable,
} from "./template-parts.ts";

const secretArn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:pull-through-auditor/slack-AbCdEf";

describe("the template with a Slack channel", () => {
  let template: Template;

  beforeAll(async () => {
    template = await templateWith([`--param=slackSecretArn=${secretArn}`]);
  });

  it("has the function, which is told of the secret alone", () => {
    expect(template.Conditions).toMatchObject({ SlackIsUsed: isSet("SlackWebhookArn") });
    expect(propertiesOf(template, "SlackLambdaFunction")).toMatchObject({
      Handler: "functions/slack.handler",
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Timeout: 150,
      MemorySize: 256,
      Role: { "Fn::Sub": variable("SlackFunctionRole.Arn") },
      Environment: {
        Variables: { AUDIT_SLACK_SECRET: secretArn, POWERTOOLS_SERVICE_NAME: "pull-through-auditor-prod" },
      },
    });
  });

  it("lets it read that secret, log, and keep failures, and nothing else", () => {
    const { trust, grants } = roleIn(template, "SlackFunctionRole");
    expect(trust).toEqual([
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(grants).toEqual([
      allow("ReadWebhook", "secretsmanager:GetSecretValue", { Ref: "SlackWebhookArn" }),
      allow("KeepFailures", "sqs:SendMessage", arnOf("SlackDeadLetterQueue")),
      allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], arnOf("SlackLogGroup")),
      allow("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
    ]);
  });

  it("lets no other role read a secret's value", () => {
    const others = Object.entries(template.Resources)
      .filter(([name, { Type }]) => Type === "AWS::IAM::Role" && name !== "SlackFunctionRole")
      .map(([name]) => roleIn(template, name).grants);
    expect(others.length).toBeGreaterThan(1);
    expect(JSON.stringify(others)).not.toContain("GetSecretValue");
  });

  it("brings it what is published to the topic, and lets only the topic invoke it", () => {
    const topic = { Ref: "DigestTopic" };
    expect(propertiesOf(template, "SlackSubscription")).toEqual({
      TopicArn: topic,
      Protocol: "lambda",
      Endpoint: arnOf("SlackLambdaFunction"),
      RedrivePolicy: { deadLetterTargetArn: arnOf("SlackDeadLetterQueue") },
    });
    expect(propertiesOf(template, "SlackPermission")).toEqual({
      FunctionName: arnOf("SlackLambdaFunction"),
      Action: "lambda:InvokeFunction",
      Principal: "sns.amazonaws.com",
      SourceArn: topic,
    });
  });

  it("tries again, and keeps what could not be posted in the dead-letter queue", () => {
    expect(propertiesOf(template, "SlackLambdaEvConf")).toMatchObject({
      FunctionName: { Ref: "SlackLambdaFunction" },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: arnOf("SlackDeadLetterQueue") } },
    });
  });

  it("makes all of it depend on the secret, and nothing else", () => {
    const conditional = Object.entries(template.Resources).filter(
      ([, { Condition }]) => Condition === "SlackIsUsed",
    );
    expect(conditional.map(([name]) => name).sort()).toEqual(
      Object.keys(template.Resources)
        .filter((name) => name.startsWith("Slack"))
        .sort(),
    );
    expect(conditional).toHaveLength(9);
  });
});
