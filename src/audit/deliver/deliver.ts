import { messageOf } from "../../core/errors.ts";
import type { Report, TopicListeners } from "../../schemas/report.ts";
import { whenOver } from "../collect/time-budget.ts";
import type { Told } from "../options.ts";
import type { Clock, Notifier, Notifiers, StoreError } from "../ports.ts";
import {
  type UndeliveredByNotifier,
  withNewestAlerts,
  withUndelivered,
} from "../state/undelivered-alerts.ts";
import { isWorthReporting, type NotifyWhen, type Routing, shareOf, topicsOf } from "./routing.ts";

/** A notifier and its share of the report. */
export type Addressee = { readonly notifier: Notifier; readonly report: Report };

/** The result of delivering to one notifier. Without an error, the delivery succeeded. */
export type Delivery = Addressee & {
  readonly error?: unknown;
  /** The IDs of the alerts that were delivered despite the error. */
  readonly taken?: ReadonlySet<string>;
};

/** The time for deliveries. */
export type DeliveryTime = {
  /** The time left, in milliseconds. */
  readonly left: () => number;
  readonly clock: Clock;
};

/** A notifier did not finish in the time that was left. */
export class DeliveryTimeoutError extends Error {
  override readonly name = "DeliveryTimeoutError";

  constructor() {
    super(
      "the delivery did not finish in the time that was left. The next audit delivers the missing alerts",
    );
  }
}

/** A topic has no confirmed subscription, so SNS would accept the message and drop it. */
export class NobodyHearsError extends Error {
  override readonly name = "NobodyHearsError";
  /** See {@link messageOf}. */
  readonly isPlain = true;

  constructor({ pending }: Pick<TopicListeners, "pending">) {
    const waiting =
      pending === null || pending === 0
        ? "subscribe somebody, and confirm the subscription"
        : `${pending} still to be confirmed: open the link in the confirmation mail, or subscribe again`;
    super(
      `nobody has confirmed a subscription of this topic, so nobody would receive the message; ${waiting}. The alerts are kept, and delivered by the first audit after that`,
    );
  }
}

/** Some deliveries failed. The audit itself is complete. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";

  /** The number of topics that nobody hears. */
  readonly topicsUnheard: number;

  constructor(failures: readonly { readonly name: string; readonly error: unknown }[]) {
    const lines = failures.map(({ name, error }) => `  ${name}: ${messageOf(error)}`);
    super(["The audit is complete, but could not be delivered:", ...lines].join("\n"));
    this.topicsUnheard = failures.filter(({ error }) => error instanceof NobodyHearsError).length;
  }
}

/** Where reports are delivered, and when. */
export type DeliveryOptions = Omit<Routing, "defaultTopic"> & {
  readonly notifiers: Notifiers;
  readonly notify: NotifyWhen;
};

/** The notifiers that a report concerns, each with its share and its undelivered alerts. Pure. */
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
  const { topic } = notifiers;
  if (topic === null) return integrations;
  const topics = topicsOf(routing).flatMap((topicArn) => {
    const notifier = topic(topicArn);
    const all = withNewestAlerts(withUndelivered(report, pending[notifier.name]));
    const share = shareOf(topicArn, all, routing);
    return isWorthReporting(topicArn, share, notify, routing) ? [{ notifier, report: share }] : [];
  });
  return [...integrations, ...topics];
}

/**
 * Asks the topics among the addressees who listens to them. A topic that has not answered when the time is over counts
 * as not known. Never throws.
 *
 * @returns the addressees, whose reports say who listens to which topic
 */
export async function askTopics(
  addressees: readonly Addressee[],
  { left, clock }: DeliveryTime,
): Promise<{ readonly asked: readonly Addressee[]; readonly topics: readonly TopicListeners[] }> {
  const over = new AbortController();
  const endWatch = whenOver(left, clock, () => over.abort());
  try {
    const answers = addressees.flatMap(({ notifier: { listeners } }) => listeners?.(over.signal) ?? []);
    const topics = await Promise.all(answers);
    return { asked: addressees.map((one) => ({ ...one, report: { ...one.report, topics } })), topics };
  } finally {
    await endWatch();
  }
}

/**
 * Delivers to all notifiers concurrently. A failing notifier does not affect the others. A notifier that has not
 * finished when the time is over is abandoned. Never throws.
 */
export async function deliver(
  addressees: readonly Addressee[],
  reportLocation: string | null,
  { left, clock }: DeliveryTime,
): Promise<readonly Delivery[]> {
  // One signal each: Node.js warns about more than ten listeners on one signal.
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
    // Do not wait for a notifier that ignores the signal.
    await Promise.race([addressee.notifier.deliver(addressee.report, reportLocation, call), aborted(signal)]);
    return addressee;
  } catch (error) {
    // Copied, because an abandoned notifier may still add to it.
    return {
      ...addressee,
      error: signal.aborted ? new DeliveryTimeoutError() : error,
      taken: new Set(taken),
    };
  }
}

/** Never resolves; rejects when the signal aborts. */
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

/** What addressees were sent, for people at a terminal. */
export function toldOf(
  deliveries: readonly Delivery[],
  reportLocation: string | null,
  { isSent }: { readonly isSent: boolean },
): readonly Told[] {
  return deliveries.map(({ notifier, report, error }) => ({
    name: notifier.name,
    isDelivered: isSent ? error === undefined : null,
    preview: () => notifier.preview?.(report, reportLocation) ?? null,
  }));
}
