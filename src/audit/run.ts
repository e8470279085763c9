import { newAuditId } from "../core/ids.ts";
import type { LoadedPolicy } from "../policy/load.ts";
import { type AuditOptions, audit } from "./audit.ts";
import { type FinalizedAudit, type FinalizeOptions, finalize } from "./finalize.ts";
import type { AuditRequest } from "./plan/request.ts";
import {
  type AuditStore,
  CannotStartError,
  type Clock,
  type Notifiers,
  type Sources,
  type StoredState,
  StoreError,
} from "./ports.ts";

/** All that an audit needs from outside. */
export type Ports = {
  readonly sources: Sources;
  readonly clock: Clock;
  readonly notifiers: Notifiers;
  /** `null`: nothing is remembered. */
  readonly store: AuditStore | null;
};

/** How one audit is run and concluded. */
export type RunOptions = Omit<AuditOptions, "missed"> &
  Pick<FinalizeOptions, "dryRun" | "notify" | "renderFiles">;

/**
 * Carries out one audit, from the request to what is remembered of it.
 *
 * @throws CannotStartError, RequestError as {@link audit}
 */
export async function runAudit(
  request: AuditRequest,
  policy: LoadedPolicy,
  { sources, clock, notifiers, store }: Ports,
  options: RunOptions,
): Promise<FinalizedAudit> {
  const startedAt = clock.now();
  const stored = store === null ? null : await loadState(store);
  const missed = stored?.state.missed ?? {};
  const evaluation = await audit(request, policy.policy, sources, clock, { ...options, missed });
  const head = {
    auditId: newAuditId(startedAt),
    trigger: request.trigger,
    startedAt,
    finishedAt: clock.now(),
  };
  return finalize(evaluation, head, policy, { ...options, clock, store, stored, notifiers });
}

/** @throws CannotStartError when the memory can not be read: without it every old finding would be told as new. */
async function loadState(store: AuditStore): Promise<StoredState | null> {
  try {
    return await store.readState();
  } catch (error) {
    if (error instanceof StoreError) throw new CannotStartError(error.message, { cause: error });
    throw error;
  }
}
