import { messageOf } from "../../core/errors.ts";
import type { Report } from "../../schemas/report.ts";
import { whenOver } from "../collect/time-budget.ts";
import type { Clock, Notifier, Notifiers, StoreError } from "../ports.ts";
import { type UndeliveredByNotifier, withUndelivered } from "../state/undelivered-alerts.ts";
import { isWorthReporting, type NotifyWhen, type Routing, shareOf, topicsOf } from "./routing.ts";

/** An outlet, and the report as it concerns it. */
export type Addressee = { readonly notifier: Notifier; readonly report: Report };

/** What came of telling one outlet; without an error it was told. */
export type Delivery = Addressee & {
  readonly error?: unknown;
  /** The ids of the alerts that it took all the same. */
  readonly taken?: ReadonlySet<string>;
};

/** How long outlets may be told. */
export type DeliveryTime = {
  /** How much of the time is left, in milliseconds, whenever it is asked. */
  readonly left: () => number;
  readonly clock: Clock;
};

/** An outlet did not come through in the time that there was. */
export class DeliveryTimeoutError extends Error {
  override readonly name = "DeliveryTimeoutError";

  constructor() {
    super(
      "it did not come through in the time that was left. What it was not told is owed to it, and told by the next audit",
    );
  }
}

/** Some outlets could not be told. The audit itself is done. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";

  constructor(failures: readonly { readonly name: string; readonly error: unknown }[]) {
    const lines = failures.map(({ name, error }) => `  ${name}: ${messageOf(error)}`);
    super(["The audit is done, but could not be delivered:", ...lines].join("\n"));
  }
}

/** Who is told, and when. */
export type DeliveryOptions = Omit<Routing, "defaultTopic"> & {
  readonly notifiers: Notifiers;
  readonly notify: NotifyWhen;
};

/** The outlets that a report concerns, each with its share of it and with what it is still owed. Pure. */
export function addresseesOf(
  report: Report,
  pending: UndeliveredByNotifier,
  { notifiers, notifications, notify }: DeliveryOptions,
): readonly Addressee[] {
  const routing = { notifications, defaultTopic: notifiers.defaultTopic };
  const integrations = notifiers.integrations.map((notifier) => ({
    notifier,
    report: withUndelivered(report, pending[notifier.name]),
  }));
  const topics = topicsOf(routing).flatMap((topicArn) => {
    const notifier = notifiers.topic(topicArn);
    const share = shareOf(topicArn, withUndelivered(report, pending[notifier.name]), routing);
    return isWorthReporting(topicArn, share, notify, routing) ? [{ notifier, report: share }] : [];
  });
  return [...integrations, ...topics];
}

/**
 * Tells each outlet its report, all at once. One that fails keeps none of the others from being told, and one that has
 * not come through when the time is over is given up. Does not throw.
 */
export async function deliver(
  addressees: readonly Addressee[],
  reportLocation: string | null,
  { left, clock }: DeliveryTime,
): Promise<readonly Delivery[]> {
  // One each: Node.js warns of a signal that more than ten listen to.
  const calls = addressees.map((addressee) => ({ addressee, over: new AbortController() }));
  const endWatch = whenOver(left, clock, () => {
    for (const { over } of calls) over.abort();
  });
  try {
    return await Promise.all(
      calls.map(({ addressee, over }) => deliverTo(addressee, reportLocation, over.signal)),
    );
  } finally {
    await endWatch();
  }
}

async function deliverTo(
  addressee: Addressee,
  reportLocation: string | null,
  signal: AbortSignal,
): Promise<Delivery> {
  const taken = new Set<string>();
  const call = { signal, onTaken: (eventId: string) => taken.add(eventId) };
  try {
    // An outlet that does not heed the signal is not waited for either.
    await Promise.race([addressee.notifier.deliver(addressee.report, reportLocation, call), aborted(signal)]);
    return addressee;
  } catch (error) {
    // What an outlet that was given up takes from now on, nobody asks about.
    return {
      ...addressee,
      error: signal.aborted ? new DeliveryTimeoutError() : error,
      taken: new Set(taken),
    };
  }
}

/** Never kept; broken once the signal aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_keep, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/**
 * The failed deliveries as one error, or `null` if all succeeded. An error of the store is included, so that neither
 * failure hides the other.
 */
export function deliveryFailure(
  deliveries: readonly Delivery[],
  notStored: StoreError | null = null,
): DeliveryError | null {
  const failures = deliveries.flatMap(({ notifier: { name }, error }) =>
    error === undefined ? [] : [{ name, error }],
  );
  if (failures.length === 0) return null;
  return new DeliveryError(
    notStored === null ? failures : [...failures, { name: "store", error: notStored }],
  );
}
