import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import type { Fault } from "./faults.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { account, registry, world } from "./world-builder.ts";

const HUB = "111122223333";
const BUS = `arn:aws:events:eu-west-1:${HUB}:event-bus/audit`;

function worldWithBus(faults: Fault[] = []) {
  return world({
    accounts: [account(HUB, { regions: { "eu-west-1": registry([], { eventBuses: ["audit"] }) } })],
    faults,
  });
}

function entry(parts: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry {
  return { Source: "auditor", DetailType: "Finding", Detail: '{"n":1}', EventBusName: "audit", ...parts };
}

function put(simulator: Simulator, ...Entries: PutEventsRequestEntry[]) {
  return new EventBridgeClient(connectionTo(simulator)).send(new PutEventsCommand({ Entries }));
}

describe("PutEvents", () => {
  it("keeps events with their bus, named or by ARN", async () => {
    await using simulator = await startSimulator(worldWithBus());
    const answer = await put(
      simulator,
      entry({ Resources: ["arn:aws:ecr:eu-west-1:1:repository/quay/*"], Time: new Date(1_795_000_000_000) }),
      entry({ EventBusName: BUS }),
    );
    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{}, {}] });
    expect(simulator.events).toEqual([
      {
        busArn: BUS,
        source: "auditor",
        detailType: "Finding",
        detail: { n: 1 },
        resources: ["arn:aws:ecr:eu-west-1:1:repository/quay/*"],
        time: 1_795_000_000,
      },
      {
        busArn: BUS,
        source: "auditor",
        detailType: "Finding",
        detail: { n: 1 },
        resources: [],
        time: undefined,
      },
    ]);
  });

  it("loses the events of a bus that is not there, without an error", async () => {
    await using simulator = await startSimulator(worldWithBus());
    const answer = await put(
      simulator,
      entry({ EventBusName: "nowhere" }),
      entry({ EventBusName: "default" }),
    );
    expect(answer.FailedEntryCount).toBe(0);
    expect(answer.Entries).toEqual([{ EventId: expect.any(String) }, { EventId: expect.any(String) }]);
    expect(simulator.events.map(({ busArn }) => busArn)).toEqual([BUS.replace("/audit", "/default")]);
  });

  it("fails entries at their index, and accepts them the next time", async () => {
    await using simulator = await startSimulator(
      worldWithBus([
        {
          on: { operation: "PutEvents" },
          effect: { kind: "fail-entries", indexes: [1], code: "ThrottlingException" },
          times: 1,
        },
      ]),
    );
    const first = await put(simulator, entry(), entry({ Detail: '{"n":2}' }), entry());
    expect(first.FailedEntryCount).toBe(1);
    expect(first.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "ThrottlingException",
      undefined,
    ]);
    expect(simulator.events).toHaveLength(2);
    expect((await put(simulator, entry({ Detail: '{"n":2}' }))).FailedEntryCount).toBe(0);
    expect(simulator.events.at(-1)?.detail).toEqual({ n: 2 });
  });

  it.each([
    ["InvalidArgument", { Source: "" }],
    ["NotAuthorizedForSourceException", { Source: "aws.ecr" }],
    ["InvalidArgument", { DetailType: "" }],
    ["MalformedDetail", { Detail: "[]" }],
    ["MalformedDetail", { Detail: "{" }],
  ])("answers %s for an entry with %o alone", async (ErrorCode, parts) => {
    await using simulator = await startSimulator(worldWithBus());
    const answer = await put(simulator, entry(parts), entry());
    expect(answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode }, { EventId: expect.any(String) }],
    });
    expect(simulator.events).toHaveLength(1);
  });

  it("refuses more than ten entries, and none", async () => {
    await using simulator = await startSimulator(worldWithBus());
    const refused = { name: "ValidationException" };
    await expect(put(simulator, ...Array.from({ length: 11 }, () => entry()))).rejects.toMatchObject(refused);
    await expect(put(simulator)).rejects.toMatchObject(refused);
    expect((await put(simulator, ...Array.from({ length: 10 }, () => entry()))).FailedEntryCount).toBe(0);
  });

  it("counts bytes as AWS does, up to one below a mebibyte", async () => {
    await using simulator = await startSimulator(worldWithBus());
    const shell = '{"t":""}';
    const others = Buffer.byteLength(`auditorFinding${shell}`) + 14;
    const withBytes = (bytes: number) =>
      entry({ Detail: shell.replace('""', `"${"x".repeat(bytes - others)}"`), Time: new Date() });
    await expect(put(simulator, withBytes(1_048_576))).rejects.toMatchObject({ name: "ValidationException" });
    expect((await put(simulator, withBytes(1_048_575))).FailedEntryCount).toBe(0);
  });
});

describe("DescribeEventBus", () => {
  it("finds the buses that are there", async () => {
    await using simulator = await startSimulator(worldWithBus());
    const client = new EventBridgeClient(connectionTo(simulator));
    expect(await client.send(new DescribeEventBusCommand({ Name: "audit" }))).toMatchObject({
      Name: "audit",
      Arn: BUS,
    });
    expect(await client.send(new DescribeEventBusCommand({}))).toMatchObject({ Name: "default" });
    await expect(client.send(new DescribeEventBusCommand({ Name: "nowhere" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
