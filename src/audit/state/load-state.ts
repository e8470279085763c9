import { type AuditStore, CannotStartError, type StoredState, StoreError } from "../ports.ts";

/**
 * Loads the state of the previous audit; `null` before the first one.
 *
 * @throws CannotStartError if the state cannot be read: without it, every known finding would be reported as new
 */
export async function loadState(store: AuditStore): Promise<StoredState | null> {
  try {
    return await store.readState();
  } catch (error) {
    if (error instanceof StoreError) throw new CannotStartError(error.message, { cause: error });
    throw error;
  }
}
