import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import type { Clock, Outlet } from "../audit/ports.ts";
import { type EventEntry, entrySize, renderEvents } from "../render/events.ts";
import { regionIn } from "./arn.ts";
import { errorName } from "./errors.ts";
import type { ClientDefaults } from "./http.ts";

/** The limits of one PutEvents request (Amazon EventBridge user guide, "PutEvents", November 2026). */
const maxEntries = 10;
const maxBytes = 1_048_576;

/** The entry errors that may pass (Amazon EventBridge API reference, PutEvents, November 2026). */
const passingErrors = ["InternalFailure", "InternalException", "ThrottlingException"];

const retryAfterMs = [200, 1_000, 5_000];

/** Tells machines: every event of an audit, put on a bus, in the region that its ARN names if it is one. */
export function eventBridgeOutlet(bus: string, defaults: ClientDefaults, clock: Clock): Outlet {
  const client = new EventBridgeClient({ ...defaults, ...regionIn(bus) });
  return {
    name: `event bus ${bus}`,
    deliver: async (report, reportLocation) => {
      await refuseMissingBus(client, bus);
      for (const batch of batches(renderEvents(report, { reportLocation }))) {
        await putAll(client, bus, batch, clock);
      }
    },
  };
}

/** A bus that does not exist takes events with a 200 and loses them: ask first. */
async function refuseMissingBus(client: EventBridgeClient, bus: string): Promise<void> {
  try {
    await client.send(new DescribeEventBusCommand({ Name: bus }));
  } catch (error) {
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

/** Puts a batch, and puts again only what failed for a reason that may pass. */
async function putAll(
  client: EventBridgeClient,
  bus: string,
  batch: readonly EventEntry[],
  clock: Clock,
): Promise<void> {
  let open = batch;
  for (const pause of [...retryAfterMs, null]) {
    const failures = await put(client, bus, open);
    if (failures.length === 0) return;
    const lost = failures.find(
      ({ result }) => pause === null || !passingErrors.includes(result.ErrorCode ?? ""),
    );
    if (lost !== undefined || pause === null) throw lostEvents(failures);
    open = failures.map(({ entry }) => entry);
    await clock.sleep(pause);
  }
}

type Failure = { readonly entry: EventEntry; readonly result: PutEventsResultEntry };

const noResult = { ErrorCode: "NoResult", ErrorMessage: "the answer does not tell of this event" };

async function put(
  client: EventBridgeClient,
  bus: string,
  batch: readonly EventEntry[],
): Promise<readonly Failure[]> {
  const command = new PutEventsCommand({ Entries: batch.map((entry) => toRequestEntry(entry, bus)) });
  const { FailedEntryCount: failed = 0, Entries: results = [] } = await client.send(command);
  if (failed === 0) return [];
  return batch.flatMap((entry, index) => {
    // Only an id says that an event was taken: what the answer leaves out has failed.
    const { EventId: id, ...result } = results[index] ?? {};
    return id === undefined ? [{ entry, result: { ...noResult, ...result } }] : [];
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

function lostEvents(failures: readonly Failure[]): Error {
  const reasons = new Set(failures.map(({ result }) => `${result.ErrorCode}: ${result.ErrorMessage ?? ""}`));
  return new Error(`${failures.length} events were not taken (${[...reasons].join("; ")})`);
}
