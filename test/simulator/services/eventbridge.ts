import { z } from "zod";
import { arnAt, parseArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { JSON_DIALECT } from "../dialect.ts";
import { type CallContext, operation, placeOf, type Service } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import { regionOf } from "../world-access.ts";
import { text } from "./fields.ts";

/** An event that reached an event bus. */
export interface AcceptedEvent {
  readonly busArn: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
  /** Seconds since 1970. */
  readonly time: number | undefined;
}

const MAX_REQUEST_BYTES = 1_048_576;
const TIME_BYTES = 14;

const entryInput = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: text(1, 1600).optional(),
  Resources: z.array(z.string()).optional(),
  Time: z.number().optional(),
  TraceHeader: text(1, 500).optional(),
});

const putEventsInput = z.strictObject({
  Entries: z.array(entryInput).min(1).max(10),
});

const describeEventBusInput = z.strictObject({ Name: text(1, 1600).optional() });

type Entry = z.output<typeof entryInput>;
type EntryResult = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

/**
 * EventBridge: PutEvents and DescribeEventBus.
 * Source: EventBridge API reference and User Guide, "Calculating PutEvents event entry size". Events for a bus
 * that does not exist are lost without an error.
 */
export const eventbridge: Service = {
  name: "events",
  protocol: jsonProtocol("AWSEvents"),
  dialect: JSON_DIALECT,
  isRegional: true,
  operations: {
    PutEvents: operation(putEventsInput, putEvents),
    DescribeEventBus: operation(describeEventBusInput, describeEventBus),
  },
};

function putEvents({ Entries }: z.output<typeof putEventsInput>, call: CallContext): unknown {
  const bytes = Entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes >= MAX_REQUEST_BYTES) {
    throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
  }
  const results = Entries.map((entry, index) => putEntry(entry, index, call));
  return {
    FailedEntryCount: results.filter((result) => "ErrorCode" in result).length,
    Entries: results,
  };
}

function putEntry(entry: Entry, index: number, call: CallContext): EntryResult {
  const failure = injectedFailure(index, call) ?? malformation(entry);
  if (failure !== undefined) return failure;
  const { events } = call.memory;
  const busArn = busArnOf(entry.EventBusName, call);
  if (busExists(busArn, call)) {
    events.push({
      busArn,
      source: entry.Source ?? "",
      detailType: entry.DetailType ?? "",
      detail: JSON.parse(entry.Detail ?? "{}"),
      resources: entry.Resources ?? [],
      time: entry.Time,
    });
  }
  return { EventId: `00000000-0000-4000-8000-${events.length.toString().padStart(12, "0")}` };
}

function injectedFailure(index: number, { shaping }: CallContext): EntryResult | undefined {
  const fault = shaping.find((effect) => effect.kind === "fail-entries" && effect.indexes.includes(index));
  if (fault?.kind !== "fail-entries") return undefined;
  return { ErrorCode: fault.code, ErrorMessage: "Injected by the world." };
}

function malformation({ Source, DetailType, Detail }: Entry): EntryResult | undefined {
  const invalid = (ErrorMessage: string) => ({ ErrorCode: "InvalidArgument", ErrorMessage });
  if (!Source) return invalid("Parameter Source is not valid. Reason: Source is a required argument.");
  if (Source.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  if (!DetailType)
    return invalid("Parameter DetailType is not valid. Reason: DetailType is a required argument.");
  if (!Detail) return invalid("Parameter Detail is not valid. Reason: Detail is a required argument.");
  if (!isJsonObject(Detail)) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  return undefined;
}

function isJsonObject(detail: string): boolean {
  try {
    const parsed: unknown = JSON.parse(detail);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

function entryBytes({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const textBytes = texts.reduce((sum, one) => sum + Buffer.byteLength(one), 0);
  return Time === undefined ? textBytes : textBytes + TIME_BYTES;
}

function describeEventBus(
  { Name = "default" }: z.output<typeof describeEventBusInput>,
  call: CallContext,
): unknown {
  const busArn = busArnOf(Name, call);
  if (!busExists(busArn, call)) {
    throw new AwsError("ResourceNotFoundException", `Event bus ${Name} does not exist.`);
  }
  return { Name: busNameIn(busArn), Arn: busArn };
}

function busArnOf(nameOrArn: string | undefined, call: CallContext): string {
  if (nameOrArn?.startsWith("arn:")) return nameOrArn;
  return arnAt(placeOf(call), "events", `event-bus/${nameOrArn ?? "default"}`);
}

function busExists(busArn: string, { world }: CallContext): boolean {
  const arn = parseArn(busArn);
  if (arn?.service !== "events" || world.accounts[arn.accountId] === undefined) return false;
  const name = busNameIn(busArn);
  return name === "default" || regionOf(world, arn.accountId, arn.region).eventBuses.includes(name);
}

function busNameIn(busArn: string): string {
  return parseArn(busArn)?.resource.replace("event-bus/", "") ?? "";
}
