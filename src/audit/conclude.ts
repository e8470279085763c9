import type { Report } from "../model/report.ts";
import type { Outlet } from "./ports.ts";

/** When people are told: when something changed, after every audit, or not at all. */
export type NotifyWhen = "changes" | "always" | "never";

/** Some outlets could not be told. The audit itself is done. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";

  constructor(failures: readonly { readonly outlet: string; readonly error: unknown }[]) {
    const lines = failures.map(({ outlet, error }) => `  ${outlet}: ${messageOf(error)}`);
    super(["The audit is done, but could not be delivered:", ...lines].join("\n"));
  }
}

/**
 * Tells a report to every outlet; one that fails keeps none of the others from being told.
 *
 * @throws DeliveryError naming each outlet that could not be told
 */
export async function deliver(
  report: Report,
  outlets: readonly Outlet[],
  notify: NotifyWhen,
  reportLocation: string | null,
): Promise<void> {
  const told = outlets.filter(({ audience }) => audience === "machines" || concernsPeople(report, notify));
  const ends = await Promise.allSettled(told.map(async (outlet) => outlet.deliver(report, reportLocation)));
  const failures = ends.flatMap((end, index) => {
    const outlet = told[index]?.name ?? "";
    return end.status === "rejected" ? [{ outlet, error: end.reason }] : [];
  });
  if (failures.length > 0) throw new DeliveryError(failures);
}

function concernsPeople(report: Report, notify: NotifyWhen): boolean {
  if (notify !== "changes") return notify === "always";
  const changes = Object.values(report.summary.transitions).reduce((sum, count) => sum + count, 0);
  return changes > 0 || report.coverage.gaps.length > 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
