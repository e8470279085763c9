import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, it } from "vitest";
import { callingAs } from "../../src/aws/caller.ts";
import { openTraffic } from "../../src/aws/pace/traffic.ts";
import { readTrail } from "../../src/aws/trail.ts";
import { aClock } from "../support/builders.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { answered, callWith, failing } from "./pace/paced-call.ts";
import { detailOf, troubles } from "./trouble.ts";

const cloudTrail = mockedClient(CloudTrailClient);
const client = new CloudTrailClient({ region: "eu-west-1" });
const since = new Date("2026-11-19T02:00:00Z");
const until = new Date("2026-11-20T02:00:00Z");
const question = { eventName: "PutRegistryPolicy", since, until, token: null } as const;

beforeEach(() => {
  cloudTrail.reset();
});

function asked(token: string | null = null) {
  const credentials = client.config.credentials;
  return callingAs({ credentials, lane: null }, () => readTrail(client, { ...question, token }));
}

describe("CloudTrail's event history", () => {
  it("is read page by page, an empty one too", async () => {
    cloudTrail
      .on(LookupEventsCommand)
      .resolves({ Events: [{ CloudTrailEvent: "{}" }, { EventId: "without a record" }], NextToken: "2" })
      .on(LookupEventsCommand, { NextToken: "2" })
      .resolves({ Events: [], NextToken: "3" })
      .on(LookupEventsCommand, { NextToken: "3" })
      .resolves({ Events: [{ CloudTrailEvent: '{"eventName":"PutRegistryPolicy"}' }] });
    expect(await asked()).toEqual({ state: "present", value: { records: ["{}"], next: "2" } });
    expect(await asked("2")).toEqual({ state: "present", value: { records: [], next: "3" } });
    expect(await asked("3")).toEqual({
      state: "present",
      value: { records: ['{"eventName":"PutRegistryPolicy"}'], next: null },
    });
  });

  it("is asked for one call in a period", async () => {
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
    await asked();
    expect(cloudTrail).toHaveReceivedCommandExactlyOnceWith(LookupEventsCommand, {
      LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "PutRegistryPolicy" }],
      StartTime: since,
      EndTime: until,
      MaxResults: 50,
    });
  });

  it.each(troubles)("is not known after $title", async ({ error, reason }) => {
    cloudTrail.on(LookupEventsCommand).rejects(error);
    const operation = "cloudtrail:LookupEvents";
    const detail = detailOf(error, operation);
    expect(await asked()).toMatchObject({ state: "unreadable", reason, operation });
    expect(detail).not.toBe("");
  });
});

describe("calls of one account and region", () => {
  it("are sent one after the other, two a second", async () => {
    const clock = aClock();
    const traffic = openTraffic({ concurrency: 9, patienceMs: 60_000, clock, random: () => 0 });
    const lane = traffic.openLane({
      ...traffic.siblings({ first: 1, most: 1 }),
      perSecond: 2,
      patienceMs: 5_000,
    });
    const strategy = traffic.strategyOf(() => lane);
    for (let calls = 0; calls < 4; calls += 1) await callWith(strategy, answered);
    expect(clock.sleeps).toEqual([500, 500, 500]);
  });

  it("are given up after their own patience", async () => {
    const clock = aClock();
    const traffic = openTraffic({ concurrency: 9, patienceMs: 60_000, clock, random: () => 0 });
    const lane = traffic.openLane({
      ...traffic.siblings({ first: 1, most: 1 }),
      perSecond: 2,
      patienceMs: 5_000,
    });
    const strategy = traffic.strategyOf(() => lane);
    const began = clock.now().getTime();
    await expect(callWith(strategy, failing("throttled"))).rejects.toThrow("HTTP 400");
    expect(clock.now().getTime() - began).toBeLessThan(15_000);
  });
});
