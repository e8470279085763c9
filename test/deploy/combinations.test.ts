import { beforeAll, describe, expect, it } from "vitest";
import { templateWith } from "../package/template-parts.ts";
import { combinations, nameOf } from "./combinations.ts";
import { effective } from "./effective.ts";
import { ofType, refersTo } from "./resources.ts";

let template: unknown;

beforeAll(async () => {
  template = await templateWith();
});

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

  it("each queue has an alarm, and each alarm notifies a topic", () => {
    for (const combination of combinations) {
      const deployed = effective(template, combination);
      const alarms = ofType("AWS::CloudWatch::Alarm", deployed);
      for (const [queue, { properties: ofQueue }] of ofType("AWS::SQS::Queue", deployed)) {
        // Messages wait in a queue that a function takes them from; any in another needs an operator.
        const metric =
          ofQueue["RedrivePolicy"] === undefined
            ? "ApproximateNumberOfMessagesVisible"
            : "ApproximateAgeOfOldestMessage";
        const watching = alarms.filter(
          ([, { properties }]) =>
            properties["MetricName"] === metric && refersTo(properties["Dimensions"], queue),
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
