import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { metrics, recordAudit, recordDeliveryFailure } from "../../functions/shared/telemetry.ts";
import { triggerSchema } from "../../src/model/report.ts";
import { captureStdout, metricsIn } from "../functions/stdout.ts";
import { templateWith, variable } from "../package/template-parts.ts";
import { aReport } from "../support/report-builders.ts";
import { everything } from "./combinations.ts";
import { type Effective, effective } from "./effective.ts";

const OWN = "PullThroughAuditor";

let source: unknown;
let template: Effective;

beforeAll(async () => {
  source = await templateWith();
  template = effective(source, everything);
}, 60_000);

const emfSchema = z.object({
  _aws: z.object({
    CloudWatchMetrics: z.tuple([
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ]),
  }),
});

type Emitted = { readonly names: ReadonlySet<string>; readonly dimensionSets: ReadonlySet<string> };

/** The names and the sets of dimensions of all metrics that the functions can write, and of a delivery that failed alone. */
function whatIsEmitted(): Emitted {
  const stdout = captureStdout();
  recordAudit(aReport());
  metrics.publishStoredMetrics();
  recordDeliveryFailure();
  metrics.publishStoredMetrics();
  const sets = metricsIn(stdout.lines()).map((line) => emfSchema.parse(line)._aws.CloudWatchMetrics[0]);
  expect(sets.map(({ Namespace }) => Namespace)).toEqual([OWN, OWN]);
  return {
    names: new Set(sets.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name))),
    dimensionSets: new Set(sets.flatMap(({ Dimensions }) => Dimensions.map(keyOf))),
  };
}

function keyOf(names: readonly string[]): string {
  return [...names].sort().join("+");
}

/** The name that the functions give to their metrics' dimension `service`. */
function serviceOf(functionName: string): unknown {
  const { Environment } = z
    .object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) })
    .parse(template.resources.get(functionName)?.properties);
  return Environment.Variables["POWERTOOLS_SERVICE_NAME"];
}

type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
};

function expectToBeEmitted(emitted: Emitted, { name, dimensions }: Metric, where: string): void {
  expect(emitted.names, where).toContain(name);
  expect(emitted.dimensionSets, where).toContain(keyOf(Object.keys(dimensions)));
  expect(dimensions["service"], where).toBe(serviceOf("AuditLambdaFunction"));
  const { trigger } = dimensions;
  if (trigger !== undefined) expect(triggerSchema.options, where).toContain(trigger);
}

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
    ]);
    const emitted = whatIsEmitted();
    for (const { name, alarm } of own) {
      const dimensions = Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value]));
      expectToBeEmitted(emitted, { namespace: OWN, name: alarm.MetricName, dimensions }, name);
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

const widgetSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  properties: z.object({ title: z.string(), metrics: z.array(z.array(z.unknown())).default([]) }),
});

/** The widgets of the dashboard, references to resources in it left as they are. */
function widgets() {
  const body = z
    .object({ DashboardBody: z.object({ "Fn::Sub": z.string() }) })
    .parse(template.resources.get("Dashboard")?.properties).DashboardBody["Fn::Sub"][0];
  const json = body.replace(variable("LeastCoverage"), "95").replace(variable("MoreAlarms"), "");
  return z.object({ widgets: z.array(widgetSchema) }).parse(JSON.parse(json)).widgets;
}

/**
 * The metrics of a widget, with what `.` and `...` repeat of the line above (Amazon CloudWatch API reference,
 * "Dashboard body structure and syntax", November 2026).
 */
function metricsOf({ properties }: z.infer<typeof widgetSchema>): readonly Metric[] {
  let above: readonly unknown[] = [];
  return properties.metrics.map((line) => {
    const written = line.filter((part) => typeof part === "string");
    const full: readonly unknown[] =
      written[0] === "..."
        ? [...above.slice(0, above.length - written.length + 1), ...written.slice(1)]
        : written.map((part, index) => (part === "." ? above[index] : part));
    above = full;
    const [namespace, name, ...pairs] = z.array(z.string()).parse(full);
    const dimensions = Object.fromEntries(
      pairs.flatMap((part, index) => (index % 2 === 0 ? [[part, pairs[index + 1]]] : [])),
    );
    return { namespace: namespace ?? "", name: name ?? "", dimensions };
  });
}

describe("the dashboard", () => {
  it("draws metrics that the functions write", () => {
    const own = widgets().flatMap((widget) => metricsOf(widget).filter(({ namespace }) => namespace === OWN));
    expect(own.length).toBeGreaterThan(10);
    const emitted = whatIsEmitted();
    for (const metric of own)
      expectToBeEmitted(emitted, metric, `${metric.name} ${JSON.stringify(metric.dimensions)}`);
  });

  it("shows every metric that the functions write", () => {
    const drawn = new Set(widgets().flatMap((widget) => metricsOf(widget).map(({ name }) => name)));
    expect([...whatIsEmitted().names].filter((name) => !drawn.has(name))).toEqual([]);
  });

  it("shows every alarm", () => {
    const { refersTo } = template.resources.get("Dashboard") ?? { refersTo: new Set() };
    expect(alarms().filter(({ name }) => !refersTo.has(name))).toEqual([]);
  });

  it("has widgets that lie beside each other", () => {
    const cells = widgets().flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, n) => `${x + (n % width)},${y + Math.floor(n / width)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
