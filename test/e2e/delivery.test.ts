import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../src/audit/deliver/deliver.ts";
import type { NotifyWhen } from "../../src/audit/deliver/routing.ts";
import type { Effect, Fault } from "../simulator/faults.ts";
import type { World } from "../simulator/world.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { BUS, HUB, NOTIFIERS, smallWorld, TOPIC } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

const OTHER_REGION = "eu-west-1";

/** The hub alone, with rules of which so many fail. */
function failingRules(failing: number, faults: readonly Fault[] = []): World {
  const rules = Array.from({ length: failing }, (_nothing, index) =>
    rule(`broken-${index}`, "docker-hub", { validation: { isValid: false, failure: "unauthorized" } }),
  );
  const topics = [{ name: "pull-through-audit", publishers: [] }];
  return world({
    accounts: [
      account(HUB, {
        regions: {
          "us-east-1": registry([...rules, rule("quay", "quay")], { topics, eventBuses: [BUS] }),
          [OTHER_REGION]: registry([], { topics }),
        },
      }),
    ],
    faults: [...faults],
  });
}

function fault(operation: string, effect: Effect, times?: number): Fault {
  return { on: { operation }, effect, ...(times === undefined ? {} : { times }) };
}

/** The ids of the findings in the events, and one for the audit itself. */
function deliveredTo({ simulator }: Stage): readonly string[] {
  return simulator.events.map(({ detail }) => eventIdIn(detail));
}

function eventIdIn(detail: unknown): string {
  return String(Object(detail)["eventId"]);
}

async function deliveryErrorOf(stage: Stage): Promise<string> {
  const delivered = stage.deliverReport();
  await expect(delivered).rejects.toThrow(DeliveryError);
  return delivered.catch(({ message }: Error) => message).then(String);
}

describe("events", () => {
  it("go in requests of ten, each once", async () => {
    await using stage = await setStage(failingRules(12), { environment: NOTIFIERS });
    await stage.deliverReport();
    expect(stage.callsOf("PutEvents")).toHaveLength(2);
    expect(new Set(deliveredTo(stage)).size).toBe(13);
    expect(deliveredTo(stage)).toHaveLength(13);
  });

  it.each(["InternalFailure", "ThrottlingException"] as const)(
    "that failed with %s are put again, and only they",
    async (code) => {
      const half = fault("PutEvents", { kind: "fail-entries", indexes: [0, 2], code }, 1);
      await using stage = await setStage(failingRules(3, [half]), { environment: NOTIFIERS });
      await stage.deliverReport();
      const requests = stage.callsOf("PutEvents").map(({ input }) => Object(input)["Entries"].length);
      expect(requests).toEqual([4, 2]);
      expect(new Set(deliveredTo(stage)).size).toBe(4);
      expect(deliveredTo(stage)).toHaveLength(4);
    },
  );

  it("outlast a burst of errors", async () => {
    const burst = fault("PutEvents", { kind: "internal-failure", status: 503 }, 3);
    await using stage = await setStage(failingRules(1, [burst]), { environment: NOTIFIERS });
    await stage.deliverReport();
    expect(deliveredTo(stage)).toHaveLength(2);
  });

  it("have the same ids if an audit is delivered again because its state was not stored", async () => {
    await using stage = await setStage(failingRules(2), { environment: NOTIFIERS });
    const reports = [await stage.deliverReport(), await stage.deliverReport()];
    const [first, again] = [deliveredTo(stage).slice(0, 3), deliveredTo(stage).slice(3)];
    expect(again.slice(0, 2)).toEqual(first.slice(0, 2));
    expect([first[2], again[2]]).toEqual(reports.map(({ auditId }) => auditId));
  });

  it("are not lost on a bus that does not exist: the digest and the caller report it", async () => {
    await using stage = await setStage(failingRules(1), {
      environment: { ...NOTIFIERS, AUDIT_EVENT_BUS: "no-such-bus" },
    });
    const message = await deliveryErrorOf(stage);
    expect(message).toContain("event bus no-such-bus: ResourceNotFoundException");
    expect(message).not.toContain(TOPIC);
    expect(stage.callsOf("PutEvents")).toEqual([]);
    expect(stage.simulator.published).toHaveLength(1);
  });

  it("are put although the bus may not be described", async () => {
    const mayNotAsk = fault("DescribeEventBus", { kind: "deny", by: "missing-permission" });
    await using stage = await setStage(failingRules(1, [mayNotAsk]), { environment: NOTIFIERS });
    await stage.deliverReport();
    expect(deliveredTo(stage)).toHaveLength(2);
  });
});

describe("the digest", () => {
  const down: readonly (readonly [string, Effect, string])[] = [
    ["fails for good", { kind: "internal-failure", status: 500 }, "InternalFailure"],
    ["denies", { kind: "deny", by: "missing-permission" }, "AuthorizationError"],
    ["cuts every connection", { kind: "reset-connection" }, "ECONNRESET"],
  ];

  it.each(down)(
    "that SNS %s is reported as failed, and events are still published",
    async (_how, effect, words) => {
      await using stage = await setStage(failingRules(1, [fault("Publish", effect)]), {
        environment: NOTIFIERS,
      });
      const message = await deliveryErrorOf(stage);
      expect(message).toContain(`SNS topic ${TOPIC}`);
      expect(message).toContain(words);
      expect(message).not.toContain("event bus");
      expect(deliveredTo(stage)).toHaveLength(2);
    },
  );

  it("and the bus are both named when both are down", async () => {
    const effect: Effect = { kind: "deny", by: "missing-permission" };
    const faults = [fault("Publish", effect), fault("PutEvents", effect)];
    await using stage = await setStage(failingRules(1, faults), { environment: NOTIFIERS });
    const message = await deliveryErrorOf(stage);
    expect(message).toContain(`SNS topic ${TOPIC}: AuthorizationError`);
    expect(message).toContain(`event bus ${BUS}: AccessDeniedException`);
  });

  it("outlasts a burst of throttling, and is sent once", async () => {
    const burst = fault("Publish", { kind: "throttle" }, 3);
    await using stage = await setStage(failingRules(1, [burst]), { environment: NOTIFIERS });
    await stage.deliverReport();
    expect(stage.simulator.published).toHaveLength(1);
  });

  it("goes to a topic in another region", async () => {
    const topicArn = `arn:aws:sns:${OTHER_REGION}:${HUB}:pull-through-audit`;
    await using stage = await setStage(failingRules(1), { environment: { AUDIT_TOPIC_ARN: topicArn } });
    await stage.deliverReport();
    expect(stage.simulator.published).toMatchObject([{ topicArn }]);
    expect(stage.callsOf("Publish")).toMatchObject([{ region: OTHER_REGION }]);
  });

  it("has parts that chat and machines can parse", async () => {
    await using stage = await setStage(failingRules(1), { environment: NOTIFIERS });
    const report = await stage.deliverReport();
    const messages = stage.simulator.published[0]?.messages ?? { default: "" };
    expect(Object.keys(messages).sort()).toEqual(["default", "email", "https", "sms"]);
    expect(JSON.parse(messages.default)).toMatchObject({ auditId: report.auditId });
    expect(JSON.parse(messages["https"] ?? "")).toMatchObject({ version: "1.0", source: "custom" });
  });
});

describe("digests are delivered", () => {
  it.each([
    ["changes", "something fails", failingRules(1), 1],
    ["changes", "nothing fails", failingRules(0), 0],
    ["changes", "nothing fails and something was not seen", smallWorld({ member: { role: "none" } }), 1],
    ["always", "nothing fails", failingRules(0), 1],
    ["never", "something fails", failingRules(1), 0],
  ] as const)("as %s asks when %s", async (notify: NotifyWhen, _when, staged, digests) => {
    await using stage = await setStage(staged, { environment: NOTIFIERS });
    await stage.deliverReport(notify);
    expect(stage.simulator.published).toHaveLength(digests);
    expect(stage.simulator.events.at(-1)?.detailType).toBe("Pull Through Cache Audit Completed");
  });
});

it("nothing is delivered if no notifier is configured", async () => {
  await using stage = await setStage(failingRules(1), { policy: { scope: { accounts: "current" } } });
  await stage.deliverReport("always");
  const services = stage.simulator.calls.map(({ service }) => service);
  expect([...new Set(services)].sort()).toEqual(["ecr", "sts"]);
});
