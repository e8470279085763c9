import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { templateWith } from "../package/template-parts.ts";
import { everything } from "./combinations.ts";
import { type Effective, effective, namesIn } from "./effective.ts";
import { policyStatements, roleIn, type Statement } from "./iam.ts";
import { ofType, refersTo } from "./resources.ts";

let template: unknown;
let all: Effective;

beforeAll(async () => {
  template = await templateWith();
  all = effective(template, everything);
});

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

describe("what starts something without waiting for the end", () => {
  it("a function keeps what failed in a queue, as its role allows", () => {
    const invoked = ofType("AWS::Lambda::EventInvokeConfig", all);
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
      const schedules = ofType("AWS::Scheduler::Schedule", deployed);
      expect(schedules).not.toEqual([]);
      for (const [name, { properties }] of schedules) {
        const target = z
          .object({ RoleArn: z.unknown(), DeadLetterConfig: z.unknown() })
          .parse(properties["Target"]);
        expect([...namesIn(target.DeadLetterConfig)], name).toEqual(["DeadLetterQueue"]);
        const [role = ""] = namesIn(target.RoleArn);
        expect(roleIn(deployed, role).grants, name).toContainEqual(sending("DeadLetterQueue"));
      }
    }
  });

  it("a rule on the bus may reach its target, and keeps what it could not deliver in a queue that lets it", () => {
    const rules = ofType("AWS::Events::Rule", all);
    expect(rules.map(([name]) => name).sort()).toEqual(["PullFailed", "RuleChanged", "SecretChanged"]);
    const statements = policyStatements(all, "DeadLetterQueuePolicy");
    const permissions = ofType("AWS::Lambda::Permission", all).map(([, { properties }]) => properties);
    for (const [name, { properties }] of rules) {
      const [{ Arn }] = z.tuple([z.object({ Arn: z.unknown() })]).parse(properties["Targets"]);
      expect(properties["Targets"]).toMatchObject([
        {
          RetryPolicy: { MaximumEventAgeInSeconds: 7200 },
          DeadLetterConfig: { Arn: { "Fn::GetAtt": ["DeadLetterQueue", "Arn"] } },
        },
      ]);
      expect(statements.some((statement) => letsIn(statement, "events.amazonaws.com", [name]))).toBe(true);
      const [target = ""] = namesIn(Arn);
      if (all.resources.get(target)?.type === "AWS::SQS::Queue") {
        const ofQueue = policyStatements(all, `${target}Policy`);
        expect(
          ofQueue.some((statement) => letsIn(statement, "events.amazonaws.com", [name])),
          name,
        ).toBe(true);
        continue;
      }
      expect(permissions).toContainEqual({
        FunctionName: { Ref: target },
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
        SourceArn: { "Fn::GetAtt": [name, "Arn"] },
      });
    }
  });

  it("a queue of events hands them over in batches, a few at once, and keeps what failed as its function's role allows", () => {
    const mappings = ofType("AWS::Lambda::EventSourceMapping", all);
    expect(mappings).not.toEqual([]);
    for (const [name, { properties }] of mappings) {
      expect(properties, name).toMatchObject({
        MaximumBatchingWindowInSeconds: 60,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        ScalingConfig: { MaximumConcurrency: 2 },
      });
      const [queue = ""] = namesIn(properties["EventSourceArn"]);
      const [lambda = ""] = namesIn(properties["FunctionName"]);
      const [role = ""] = namesIn(all.resources.get(lambda)?.properties["Role"]);
      expect(roleIn(all, role).grants, name).toContainEqual(
        expect.objectContaining({
          Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
          Resource: { "Fn::GetAtt": [queue, "Arn"] },
        }),
      );
      const { Timeout } = z.object({ Timeout: z.number() }).parse(all.resources.get(lambda)?.properties);
      const { VisibilityTimeout, RedrivePolicy } = z
        .object({
          VisibilityTimeout: z.number(),
          RedrivePolicy: z.object({ deadLetterTargetArn: z.unknown() }),
        })
        .parse(all.resources.get(queue)?.properties);
      // Lambda refuses a queue whose messages come again while the function still works on them.
      expect(VisibilityTimeout, name).toBeGreaterThanOrEqual(Timeout);
      const [deadLetters = ""] = namesIn(RedrivePolicy.deadLetterTargetArn);
      expect(all.resources.get(deadLetters)?.type, name).toBe("AWS::SQS::Queue");
    }
  });

  it("the bus keeps what its key could not encrypt or decrypt in a queue that lets it", () => {
    expect(all.resources.get("EventBus")?.properties["DeadLetterConfig"]).toEqual({
      Arn: { "Fn::GetAtt": ["DeadLetterQueue", "Arn"] },
    });
    const statements = policyStatements(all, "DeadLetterQueuePolicy");
    expect(statements.some((statement) => letsIn(statement, "events.amazonaws.com", ["EventBus"]))).toBe(
      true,
    );
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
