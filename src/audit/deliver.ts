import type { Report } from "../model/report.ts";
import { type PendingByOutlet, withPending } from "./pending.ts";
import type { Outlet, Outlets } from "./ports.ts";
import { isWorthTelling, type NotifyWhen, type Routing, shareOf, topicsOf } from "./routing.ts";

/** An outlet, and the report as it concerns it. */
export type Addressee = { readonly outlet: Outlet; readonly report: Report };

/** What came of telling one outlet; without an error it was told. */
export type Delivery = Addressee & { readonly error?: unknown };

/** Some outlets could not be told. The audit itself is done. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";

  constructor(failures: readonly { readonly name: string; readonly error: unknown }[]) {
    const lines = failures.map(({ name, error }) => `  ${name}: ${messageOf(error)}`);
    super(["The audit is done, but could not be delivered:", ...lines].join("\n"));
  }
}

/** Who is told, and when. */
export type Telling = Omit<Routing, "defaultTopic"> & {
  readonly outlets: Outlets;
  readonly notify: NotifyWhen;
};

/** The outlets that a report concerns, each with its share of it and with what it is still owed. Pure. */
export function addresseesOf(
  report: Report,
  pending: PendingByOutlet,
  { outlets, notifications, notify }: Telling,
): readonly Addressee[] {
  const routing = { notifications, defaultTopic: outlets.defaultTopic };
  const machines = outlets.machines.map((outlet) => ({
    outlet,
    report: withPending(report, pending[outlet.name]),
  }));
  const people = topicsOf(routing).flatMap((topicArn) => {
    const outlet = outlets.topic(topicArn);
    const share = shareOf(topicArn, withPending(report, pending[outlet.name]), routing);
    return isWorthTelling(topicArn, share, notify, routing) ? [{ outlet, report: share }] : [];
  });
  return [...machines, ...people];
}

/** Tells each outlet its report. One that fails keeps none of the others from being told. Does not throw. */
export async function deliver(
  addressees: readonly Addressee[],
  reportLocation: string | null,
): Promise<readonly Delivery[]> {
  return Promise.all(
    addressees.map(async (addressee) => {
      try {
        await addressee.outlet.deliver(addressee.report, reportLocation);
        return addressee;
      } catch (error) {
        return { ...addressee, error };
      }
    }),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
