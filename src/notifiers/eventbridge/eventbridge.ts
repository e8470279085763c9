import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import type { Clock, Notifier } from "../../audit/ports.ts";
import { countIn, listIn, textIn } from "../../aws/answer.ts";
import { regionIn } from "../../aws/arn.ts";
import { errorName } from "../../aws/errors.ts";
import type { ClientDefaults } from "../../aws/http.ts";
import { operation } from "../../aws/operation.ts";
import { withoutSecrets } from "../../core/collected.ts";
import { counted } from "../../render/words.ts";
import { type EventEntry, entrySize, renderEvents } from "./events.ts";

/** The limits of one PutEvents request (Amazon EventBridge user guide, "PutEvents", November 2026). */
const maxEntries = 10;
const maxBytes = 1_048_576;

/** The temporary errors of single entries (Amazon EventBridge API reference, PutEvents, November 2026). */
const temporaryErrors = ["InternalFailure", "InternalException", "ThrottlingException"];

const retryAfterMs = [200, 1_000, 5_000];

/** The maximum number of events named in an error, which keeps it readable. */
const mostNamed = 10;

/** Only a response that names the bus proves that it exists. */
const describeBus = operation({
  name: "events:DescribeEventBus",
  command: DescribeEventBusCommand,
  send: (client: EventBridgeClient, command, options) => client.send(command, options),
  read: ({ Arn }) => textIn(Arn, "Arn"),
  isRepeatable: true,
});

/** Returns the result of each event, in order. Not retried, because a retry could deliver events twice. */
const putEvents = operation({
  name: "events:PutEvents",
  command: PutEventsCommand,
  send: (client: EventBridgeClient, command, options) => client.send(command, options),
  read: ({ FailedEntryCount, Entries }) => {
    countIn(FailedEntryCount, "FailedEntryCount");
    return listIn(Entries, "Entries");
  },
  isRepeatable: false,
});

/** Puts the events of an audit on an event bus, in the region of the bus's ARN if `bus` is one. */
export function eventBridgeNotifier(bus: string, defaults: ClientDefaults, clock: Clock): Notifier {
  const client = new EventBridgeClient({ ...defaults, ...regionIn(bus) });
  return {
    name: `event bus ${bus}`,
    listeners: null,
    preview: (report, reportLocation) => ({
      summary: counted(renderEvents(report, { reportLocation }).length, "event"),
      text: null,
    }),
    deliver: async (report, reportLocation, { signal, onTaken }) => {
      await refuseMissingBus(client, bus, signal);
      const events = renderEvents(report, { reportLocation });
      const lost: Failure[] = [];
      for (const batch of batches(events)) {
        // If retries failed once, they are not repeated for each of hundreds of batches.
        const pauses = lost.some(isTemporary) ? [] : retryAfterMs;
        const failures = await putBatch(client, bus, batch, { clock, pauses, signal });
        const failed = new Set(failures.map(({ entry }) => entry));
        for (const entry of batch) if (!failed.has(entry)) onTaken(entry.eventId);
        lost.push(...failures);
      }
      if (lost.length > 0) throw lostEvents(lost, events.length);
    },
  };
}

/** EventBridge accepts events for a bus that does not exist with a 200 and drops them, so check first. */
async function refuseMissingBus(
  client: EventBridgeClient,
  bus: string,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    await describeBus(client, { Name: bus }, { abortSignal });
  } catch (error) {
    abortSignal.throwIfAborted();
    // Without permission to describe the bus, putting events may still be allowed. Only a definite answer counts.
    if (errorName(error) === "ResourceNotFoundException") throw error;
  }
}

/** Splits entries into requests within EventBridge's limits for count and bytes. */
export function* batches(entries: readonly EventEntry[]): Generator<readonly EventEntry[]> {
  let batch: EventEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entrySize(entry);
    if (batch.length === maxEntries || (batch.length > 0 && bytes + size >= maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

type PutOptions = {
  readonly clock: Clock;
  readonly pauses: readonly number[];
  readonly signal: AbortSignal;
};

/**
 * Puts a batch, and retries only entries whose error may be temporary. A lost entry does not stop the rest of its batch
 * or later batches. Throws if the bus cannot be reached at all.
 */
async function putBatch(
  client: EventBridgeClient,
  bus: string,
  batch: readonly EventEntry[],
  { clock, pauses, signal }: PutOptions,
): Promise<readonly Failure[]> {
  const lost: Failure[] = [];
  let open = batch;
  for (const pause of [...pauses, null]) {
    const failures = await put(client, bus, open, signal);
    const retryable = pause === null ? [] : failures.filter(isTemporary);
    lost.push(...failures.filter((failure) => !retryable.includes(failure)));
    open = retryable.map(({ entry }) => entry);
    if (open.length === 0 || pause === null) break;
    await clock.sleep(pause, signal);
    signal.throwIfAborted();
  }
  return lost;
}

function isTemporary({ result: { ErrorCode: code = "" } }: Failure): boolean {
  return temporaryErrors.includes(code);
}

type Failure = { readonly entry: EventEntry; readonly result: PutEventsResultEntry };

const noResult = { ErrorCode: "NoResult", ErrorMessage: "the response has no result for this event" };

async function put(
  client: EventBridgeClient,
  bus: string,
  batch: readonly EventEntry[],
  abortSignal: AbortSignal,
): Promise<readonly Failure[]> {
  const Entries = batch.map((entry) => toRequestEntry(entry, bus));
  const results = await putEvents(client, { Entries }, { abortSignal });
  return batch.flatMap((entry, index) => {
    // Only an id proves that an event was accepted. An event without a result has failed.
    const { EventId: id, ...result } = results[index] ?? {};
    return typeof id !== "string" || id === "" ? [{ entry, result: { ...noResult, ...result } }] : [];
  });
}

function toRequestEntry(entry: EventEntry, bus: string): PutEventsRequestEntry {
  return {
    EventBusName: bus,
    Source: entry.source,
    DetailType: entry.detailType,
    Time: new Date(entry.time),
    Resources: [...entry.resources],
    Detail: entry.detail,
  };
}

function lostEvents(lost: readonly Failure[], count: number): Error {
  const named = lost.slice(0, mostNamed).map(({ entry, result: { ErrorCode, ErrorMessage = "" } }) => {
    const { detailType, resources } = entry;
    return `${[detailType, ...resources].join(" ")}: ${withoutSecrets(`${ErrorCode}: ${ErrorMessage}`)}`;
  });
  const others = lost.length - named.length;
  const all = others === 0 ? named : [...named, `and ${others} more`];
  return new Error(`${lost.length} of ${count} events were not accepted (${all.join("; ")})`);
}
