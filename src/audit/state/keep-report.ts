import type { Report } from "../../schemas/report.ts";
import { whenOver } from "../collect/time-budget.ts";
import { type AuditStore, type Clock, type KeptReport, type RenderedFile, StoreError } from "../ports.ts";

/**
 * Stores a report and the files rendered from it, and gives up when no time is left.
 *
 * @param left how much time is left to store it, in milliseconds
 * @throws StoreError if the store fails or does not finish in time
 */
export async function keepReport(
  store: AuditStore,
  report: Report,
  files: readonly RenderedFile[],
  { left, clock }: { readonly left: () => number; readonly clock: Clock },
): Promise<KeptReport> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const keeping = store.keepReport(report, files);
  const why =
    "it did not store the report in the time that was left. Check the store, and run the audit again.";
  const endWatch = whenOver(left, clock, () => reject(new StoreError(`${store.name}: ${why}`)));
  try {
    return await Promise.race([keeping, late]);
  } finally {
    await endWatch();
  }
}

/**
 * Does `work` and returns its StoreError instead of throwing it: a failing store must not keep alerts from being
 * delivered.
 */
export async function catchStoreError<T>(work: () => Promise<T>): Promise<T | StoreError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
}
