import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { templateWith } from "../package/template-parts.ts";
import { everything } from "./combinations.ts";
import { type Effective, effective } from "./effective.ts";
import { expectToBeEmitted, OWN } from "./emitted.ts";

let template: Effective;
let source: unknown;

beforeAll(async () => {
  source = await templateWith();
  template = effective(source, everything);
});

const alarmSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
  AlarmDescription: z.unknown(),
  Period: z.number(),
  EvaluationPeriods: z.union([z.number(), z.object({ Ref: z.literal("HoursWithoutAudit") })]),
  TreatMissingData: z.string(),
});

function alarms() {
  return [...template.resources].flatMap(([name, { type, properties }]) => {
    if (type !== "AWS::CloudWatch::Alarm") return [];
    return [{ name, alarm: alarmSchema.parse(properties) }];
  });
}

describe("alarms", () => {
  it("on the auditor's own metrics name what the functions write", () => {
    const own = alarms().filter(({ alarm }) => alarm.Namespace === OWN);
    expect(own.map(({ name }) => name).sort()).toEqual([
      "AuditMissingAlarm",
      "CoverageLowAlarm",
      "DeliveryFailedAlarm",
      "NobodyHearsAlarm",
    ]);
    for (const { alarm } of own) {
      const dimensions = Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value]));
      expectToBeEmitted({ namespace: OWN, name: alarm.MetricName, dimensions }, template);
    }
  });

  it("on AWS's metrics watch what is deployed", () => {
    const others = alarms().filter(({ alarm }) => alarm.Namespace !== OWN);
    const watched = others.map(({ name, alarm: { Namespace, MetricName, Dimensions } }) => [
      name,
      { [`${Namespace} ${MetricName}`]: Dimensions },
    ]);
    const fleet = [{ Name: "StateMachineArn", Value: { Ref: "FleetStateMachine" } }];
    expect(Object.fromEntries(watched)).toEqual({
      AuditFailedAlarm: {
        "AWS/Lambda Errors": [{ Name: "FunctionName", Value: { Ref: "AuditLambdaFunction" } }],
      },
      ChangesWaitAlarm: { "AWS/SQS ApproximateAgeOfOldestMessage": queue("ChangesQueue") },
      PullsWaitAlarm: { "AWS/SQS ApproximateAgeOfOldestMessage": queue("PullsQueue") },
      DigestUndeliveredAlarm: {
        "AWS/SNS NumberOfNotificationsFailed": [
          { Name: "TopicName", Value: { "Fn::GetAtt": ["DigestTopic", "TopicName"] } },
        ],
      },
      DeadLettersAlarm: { "AWS/SQS ApproximateNumberOfMessagesVisible": queue("DeadLetterQueue") },
      FleetFailedAlarm: { "AWS/States ExecutionsFailed": fleet },
      FleetTimedOutAlarm: { "AWS/States ExecutionsTimedOut": fleet },
      SlackDeadLettersAlarm: { "AWS/SQS ApproximateNumberOfMessagesVisible": queue("SlackDeadLetterQueue") },
    });
  });

  it("look back no further than CloudWatch does", () => {
    for (const { name, alarm } of alarms()) {
      const { Period, EvaluationPeriods: periods } = alarm;
      const most = typeof periods === "number" ? periods : mostHoursWithoutAudit();
      expect(Period * most, name).toBeLessThanOrEqual(Period < 3_600 ? 86_400 : 604_800);
    }
  });

  it("on an audit that was not done goes off after 26 hours of silence", () => {
    expect(alarms().find(({ name }) => name === "AuditMissingAlarm")?.alarm).toMatchObject({
      Period: 3_600,
      EvaluationPeriods: { Ref: "HoursWithoutAudit" },
      TreatMissingData: "breaching",
    });
    expect(template.parameters["HoursWithoutAudit"]).toBe("26");
  });

  it("say what they mean and what to do", () => {
    for (const { name, alarm } of alarms()) {
      expect(JSON.stringify(alarm.AlarmDescription).length, name).toBeGreaterThan(80);
    }
  });
});

function mostHoursWithoutAudit(): number {
  const { Parameters } = z
    .object({ Parameters: z.object({ HoursWithoutAudit: z.object({ MaxValue: z.number() }) }) })
    .parse(source);
  return Parameters.HoursWithoutAudit.MaxValue;
}

function queue(name: string) {
  return [{ Name: "QueueName", Value: { "Fn::GetAtt": [name, "QueueName"] } }];
}
