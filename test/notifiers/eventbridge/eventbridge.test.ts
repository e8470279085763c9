import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import "aws-sdk-client-mock-vitest/extend";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Clock } from "../../../src/audit/ports.ts";
import { clientDefaults } from "../../../src/aws/http.ts";
import { eventBridgeNotifier } from "../../../src/notifiers/eventbridge/eventbridge.ts";
import { renderEvents } from "../../../src/notifiers/eventbridge/events.ts";
import { sdkError, serviceError } from "../../aws/trouble.ts";
import { mockedClient } from "../../support/mocked-client.ts";
import { aFinding, aReport } from "../../support/report-builders.ts";
import { unhurried } from "../../support/unhurried.ts";

const bridge = mockedClient(EventBridgeClient);
const pauses: number[] = [];
const clock: Clock = {
  now: () => new Date("2026-11-20T02:00:00Z"),
  sleep: async (milliseconds) => void pauses.push(milliseconds),
};
const defaults = clientDefaults(1, 1_000);
const notifier = eventBridgeNotifier("audits", defaults, clock);

beforeEach(() => {
  bridge.reset();
  bridge
    .on(DescribeEventBusCommand)
    .resolves({ Arn: "arn:aws:events:eu-west-1:111122223333:event-bus/audits" });
  pauses.length = 0;
  vi.stubEnv("AWS_REGION", "eu-west-1");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const accepted: PutEventsResultEntry = { EventId: "event" };

function refused(ErrorCode: string): PutEventsResultEntry {
  return { ErrorCode, ErrorMessage: "as AWS said it" };
}

/** A report with `count` events, the last of which says that the audit is complete. */
function reportOf(count: number) {
  return aReport({ findings: Array.from({ length: count - 1 }, (_, n) => aFinding({ id: `f-${n + 1}` })) });
}

/** What an event is about: its finding's id, or `audit`. */
function subjectOf({ Detail: detail = "" }: PutEventsRequestEntry): string {
  return /"id":"(f-\d+)"/.exec(detail)?.[1] ?? "audit";
}

/** The requests that the bus has got, each as what its events are about. */
function requests(): readonly (readonly string[])[] {
  return bridge
    .commandCalls(PutEventsCommand)
    .map(({ args }) => (args[0].input.Entries ?? []).map(subjectOf));
}

/**
 * A bus that answers each event with what `results` hold for its subject, one for each time that it is put,
 * and then takes it.
 */
function answerWith(results: Readonly<Record<string, readonly PutEventsResultEntry[]>>): void {
  const times = new Map<string, number>();
  bridge.on(PutEventsCommand).callsFake(async ({ Entries }: { Entries: PutEventsRequestEntry[] }) => {
    const answers = Entries.map((entry) => {
      const subject = subjectOf(entry);
      const time = times.get(subject) ?? 0;
      times.set(subject, time + 1);
      return results[subject]?.[time] ?? accepted;
    });
    return { FailedEntryCount: answers.filter((answer) => answer !== accepted).length, Entries: answers };
  });
}

function deliver(count: number): Promise<void> {
  return notifier.deliver(reportOf(count), null, unhurried);
}

describe("eventBridgeNotifier", () => {
  test("is named after its bus", () => {
    expect(notifier.name).toBe("event bus audits");
  });

  test("puts every event as it was rendered", async () => {
    answerWith({});
    const report = reportOf(2);
    await notifier.deliver(report, "s3://reports/1", unhurried);
    const rendered = renderEvents(report, { reportLocation: "s3://reports/1" });
    expect(bridge).toHaveReceivedCommandTimes(PutEventsCommand, 1);
    expect(bridge.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries)).toStrictEqual(
      rendered.map(({ source, detailType, resources, detail }) => ({
        EventBusName: "audits",
        Source: source,
        DetailType: detailType,
        Time: new Date("2026-11-20T02:03:12.000Z"),
        Resources: resources,
        Detail: detail,
      })),
    );
    expect(rendered).toHaveLength(2);
  });

  test("puts many events ten at a time, in order", async () => {
    answerWith({});
    await deliver(21);
    expect(requests().map(({ length }) => length)).toEqual([10, 10, 1]);
    expect(requests().flat()).toEqual([...Array.from({ length: 20 }, (_, n) => `f-${n + 1}`), "audit"]);
    expect(pauses).toEqual([]);
  });

  test.each([
    ["audits", "eu-west-1"],
    ["arn:aws:events:ap-south-1:111122223333:event-bus/audits", "ap-south-1"],
  ])("puts on the bus %s in %s", async (bus, region) => {
    answerWith({});
    await eventBridgeNotifier(bus, defaults, clock).deliver(reportOf(1), null, unhurried);
    const client: unknown = bridge.send.firstCall.thisValue;
    expect(client).toBeInstanceOf(EventBridgeClient);
    expect(client instanceof EventBridgeClient && (await client.config.region())).toBe(region);
    expect(bridge).toHaveReceivedCommandExactlyOnceWith(DescribeEventBusCommand, { Name: bus });
  });
});

describe("a bus", () => {
  test("that does not exist is an error before any event is put", async () => {
    const missing = serviceError("ResourceNotFoundException", 400);
    bridge.on(DescribeEventBusCommand).rejects(missing);
    await expect(deliver(1)).rejects.toBe(missing);
    expect(bridge).not.toHaveReceivedCommand(PutEventsCommand);
  });

  test.each([
    serviceError("AccessDeniedException", 400),
    serviceError("ThrottlingException", 400),
    sdkError("TimeoutError"),
  ])("that cannot be described is tried: %s", async (error) => {
    bridge.on(DescribeEventBusCommand).rejects(error);
    answerWith({});
    await deliver(1);
    expect(requests()).toEqual([["audit"]]);
  });

  test("that cannot be reached is an error", async () => {
    const unreachable = sdkError("TimeoutError");
    bridge.on(PutEventsCommand).rejects(unreachable);
    await expect(deliver(1)).rejects.toBe(unreachable);
  });
});

describe("events that are not accepted", () => {
  test.each(["InternalFailure", "InternalException", "ThrottlingException"])(
    "are retried alone after %s",
    async (code) => {
      answerWith({ "f-2": [refused(code)], "f-4": [refused(code), refused(code)] });
      await deliver(5);
      expect(requests()).toEqual([["f-1", "f-2", "f-3", "f-4", "audit"], ["f-2", "f-4"], ["f-4"]]);
      expect(pauses).toEqual([200, 1_000]);
    },
  );

  test("do not stop the following ones", async () => {
    answerWith({ "f-1": [refused("InternalFailure")] });
    await deliver(12);
    expect(requests().map(({ length }) => length)).toEqual([10, 1, 2]);
  });

  test("are named in an error after repeated failures", async () => {
    const always = (code: string) => Array(9).fill(refused(code));
    answerWith({ "f-1": always("InternalFailure"), "f-3": always("ThrottlingException") });
    const repositories = "arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/*";
    const events = ["InternalFailure", "ThrottlingException"].map(
      (code) => `Pull Through Cache Finding ${repositories}: ${code}: as AWS said it`,
    );
    await expect(deliver(4)).rejects.toThrow(`2 of 4 events were not accepted (${events.join("; ")})`);
    expect(requests()).toEqual([
      ["f-1", "f-2", "f-3", "audit"],
      ["f-1", "f-3"],
      ["f-1", "f-3"],
      ["f-1", "f-3"],
    ]);
    expect(pauses).toEqual([200, 1_000, 5_000]);
  });

  test.each(["NotAuthorizedForSourceException", "MalformedDetail", "SomethingNew"])(
    "are not retried after %s, which is permanent; others are",
    async (code) => {
      answerWith({ "f-1": [refused("InternalFailure")], "f-2": [refused(code)] });
      await expect(deliver(3)).rejects.toThrow(`1 of 3 events were not accepted`);
      await expect(deliver(3)).resolves.toBeUndefined();
      expect(requests().slice(0, 2)).toEqual([["f-1", "f-2", "audit"], ["f-1"]]);
      expect(pauses).toEqual([200]);
    },
  );

  test("do not stop later batches, and are reported together", async () => {
    answerWith({ "f-2": [refused("MalformedDetail")], "f-15": [refused("MalformedDetail")] });
    await expect(deliver(25)).rejects.toThrow("2 of 25 events were not accepted");
    expect(requests().map(({ length }) => length)).toEqual([10, 10, 5]);
  });

  test("cause waiting once if they fail repeatedly, not in every batch", async () => {
    const always = Array(9).fill(refused("InternalFailure"));
    answerWith({ "f-2": always, "f-15": always });
    await expect(deliver(20)).rejects.toThrow("2 of 20 events were not accepted");
    expect(requests().map(({ length }) => length)).toEqual([10, 1, 1, 1, 10]);
    expect(pauses).toEqual([200, 1_000, 5_000]);
  });

  test("are named up to ten, and then counted", async () => {
    const all = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [`f-${n + 1}`, [refused("MalformedDetail")]]),
    );
    answerWith(all);
    await expect(deliver(13)).rejects.toThrow(/12 of 13 events were not accepted .*; and 2 more\)$/);
  });

  test.each([[{}, accepted], [accepted]])(
    "are an error if the response counts failures without naming them",
    async (...Entries) => {
      bridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries });
      await expect(deliver(2)).rejects.toThrow(/1 of 2 events were not accepted .*NoResult/);
    },
  );
});
