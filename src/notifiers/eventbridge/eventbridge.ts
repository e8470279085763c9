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
import { type EventEntry, entrySize, renderEvents } from "./events.ts";

/** The limits of one PutEvents request (Amazon EventBridge user guide, "PutEvents", November 2026). */
const maxEntries = 10;
const maxBytes = 1_048_576;

/** The entry errors that may pass (Amazon EventBridge API reference, PutEvents, November 2026). */
const passingErrors = ["InternalFailure", "InternalException", "ThrottlingException"];

const retryAfterMs = [200, 1_000, 5_000];

/** The events that an error names, so that it can be read. */
const mostNamed = 10;

/** Only an answer that names the bus says that there is one. */
const describeBus = operation({
  name: "events:DescribeEventBus",
  command: DescribeEventBusCommand,
  send: (client: EventBridgeClient, command, options) => client.send(command, options),
  read: ({ Arn }) => textIn(Arn, "Arn"),
  isRepeatable: true,
});

/** What became of each event, in their order. To ask again at once could tell machines twice. */
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

/** Tells machines: every event of an audit, put on a bus, in the region that its ARN names if it is one. */
export function eventBridgeNotifier(bus: string, defaults: ClientDefaults, clock: Clock): Notifier {
  const client = new EventBridgeClient({ ...defaults, ...regionIn(bus) });
  return {
    name: `event bus ${bus}`,
    deliver: async (report, reportLocation, { signal, onTaken }) => {
      await refuseMissingBus(client, bus, signal);
      const events = renderEvents(report, { reportLocation });
      const lost: Failure[] = [];
      for (const batch of batches(events)) {
        // Where waiting was of no use once, it is not tried for each of hundreds of batches.
        const pauses = lost.some(mayPass) ? [] : retryAfterMs;
        const failures = await putBatch(client, bus, batch, { clock, pauses, signal });
        const failed = new Set(failures.map(({ entry }) => entry));
        for (const entry of batch) if (!failed.has(entry)) onTaken(entry.eventId);
        lost.push(...failures);
      }
      if (lost.length > 0) throw lostEvents(lost, events.length);
    },
  };
}

/** A bus that does not exist takes events with a 200 and loses them: ask first. */
async function refuseMissingBus(
  client: EventBridgeClient,
  bus: string,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    await describeBus(client, { Name: bus }, { abortSignal });
  } catch (error) {
    abortSignal.throwIfAborted();
    // A caller who may not ask may still be allowed to put events: only a certain answer is believed.
    if (errorName(error) === "ResourceNotFoundException") throw error;
  }
}

/** The entries in requests within EventBridge's limits of count and bytes. */
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

type Putting = {
  readonly clock: Clock;
  readonly pauses: readonly number[];
  readonly signal: AbortSignal;
};

/**
 * Puts a batch, and puts again only what failed for a reason that may pass. What was lost keeps neither the rest of
 * its batch nor later batches from being put; a bus that can not be reached at all does, and throws.
 */
async function putBatch(
  client: EventBridgeClient,
  bus: string,
  batch: readonly EventEntry[],
  { clock, pauses, signal }: Putting,
): Promise<readonly Failure[]> {
  const lost: Failure[] = [];
  let open = batch;
  for (const pause of [...pauses, null]) {
    const failures = await put(client, bus, open, signal);
    const passing = pause === null ? [] : failures.filter(mayPass);
    lost.push(...failures.filter((failure) => !passing.includes(failure)));
    open = passing.map(({ entry }) => entry);
    if (open.length === 0 || pause === null) break;
    await clock.sleep(pause, signal);
    signal.throwIfAborted();
  }
  return lost;
}

function mayPass({ result: { ErrorCode: code = "" } }: Failure): boolean {
  return passingErrors.includes(code);
}

type Failure = { readonly entry: EventEntry; readonly result: PutEventsResultEntry };

const noResult = { ErrorCode: "NoResult", ErrorMessage: "the answer does not tell of this event" };

async function put(
  client: EventBridgeClient,
  bus: string,
  batch: readonly EventEntry[],
  abortSignal: AbortSignal,
): Promise<readonly Failure[]> {
  const Entries = batch.map((entry) => toRequestEntry(entry, bus));
  const results = await putEvents(client, { Entries }, { abortSignal });
  return batch.flatMap((entry, index) => {
    // Only an id says that an event was taken: what the answer leaves out has failed.
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
  return new Error(`${lost.length} of ${count} events were not taken (${all.join("; ")})`);
}
