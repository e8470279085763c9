import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { JSON_DIALECT } from "../dialect.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, operation, pageShapeOf, type Service } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import type { TrailRecord } from "../world.ts";
import { regionOf } from "../world-access.ts";
import { pageSize, text } from "./fields.ts";
import { epochSeconds } from "./time.ts";

const MOST_OF_PAGE = 50;
const REMEMBERED_MS = 90 * 86_400_000;

const attribute = z.strictObject({
  AttributeKey: z.enum([
    "AccessKeyId",
    "EventId",
    "EventName",
    "EventSource",
    "ReadOnly",
    "ResourceName",
    "ResourceType",
    "Username",
  ]),
  AttributeValue: text(1, 2000),
});

const lookupEventsInput = z.strictObject({
  LookupAttributes: z.array(attribute).max(1).default([]),
  StartTime: z.number().optional(),
  EndTime: z.number().optional(),
  EventCategory: z.literal("insight").optional(),
  MaxResults: pageSize(MOST_OF_PAGE).default(MOST_OF_PAGE),
  NextToken: text(1, 10_000).optional(),
});

/**
 * CloudTrail: LookupEvents by the name of a call.
 * Source: CloudTrail API reference; CloudTrail user guide, "CloudTrail record contents", November 2026.
 */
export const cloudtrail: Service = {
  name: "cloudtrail",
  protocol: jsonProtocol("CloudTrail_20131101"),
  dialect: JSON_DIALECT,
  isRegional: true,
  operations: { LookupEvents: operation(lookupEventsInput, lookupEvents) },
};

function lookupEvents(input: z.output<typeof lookupEventsInput>, call: CallContext): unknown {
  const { LookupAttributes, StartTime, EndTime, MaxResults, NextToken } = input;
  if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime) {
    throw new AwsError("InvalidTimeRangeException", "The start time is after the end time.");
  }
  const until = EndTime === undefined ? call.now.getTime() : EndTime * 1_000;
  const from = Math.max((StartTime ?? 0) * 1_000, until - REMEMBERED_MS);
  const [asked] = LookupAttributes;
  const found = (regionOf(call.world, call.caller.accountId, call.region).trail ?? [])
    .filter((record) => {
      const at = timeOf(record);
      return at >= from && at <= until && (asked === undefined || has(record, asked));
    })
    .toSorted((one, other) => timeOf(other) - timeOf(one));
  const page = pageOf({
    items: found,
    list: `LookupEvents ${call.caller.accountId} ${call.region} ${JSON.stringify([asked, StartTime, EndTime])}`,
    token: NextToken,
    size: MaxResults,
    shape: pageShapeOf(call),
  });
  if (page === undefined) throw new AwsError("InvalidNextTokenException", "The token is not valid.");
  return { Events: page.items.map(eventOf), NextToken: page.nextToken };
}

function has(record: TrailRecord, { AttributeKey, AttributeValue }: z.output<typeof attribute>): boolean {
  const member = { EventId: "eventID", EventName: "eventName", EventSource: "eventSource" };
  const name: string | undefined = Object.entries(member).find(([key]) => key === AttributeKey)?.[1];
  return name !== undefined && record[name] === AttributeValue;
}

/** The record itself is a text of JSON beside what the service takes from it. */
function eventOf(record: TrailRecord): unknown {
  const { eventID, eventName, eventSource, userIdentity } = record;
  const { data: identity } = z.looseObject({ userName: z.string() }).safeParse(userIdentity);
  return {
    EventId: eventID,
    EventName: eventName,
    EventSource: eventSource,
    EventTime: epochSeconds(new Date(timeOf(record))),
    ReadOnly: "false",
    Username: identity?.userName,
    Resources: [],
    CloudTrailEvent: JSON.stringify(record),
  };
}

/** A record without a readable time is in no period. */
function timeOf({ eventTime }: TrailRecord): number {
  const at = typeof eventTime === "string" ? Date.parse(eventTime) : Number.NaN;
  return Number.isNaN(at) ? 0 : at;
}
