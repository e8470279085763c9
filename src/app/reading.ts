import type { Pacing } from "../aws/pace/traffic.ts";
import type { ReportLock } from "../aws/s3/storage.ts";
import type { AuditRole } from "../aws/sessions.ts";
import { systemClock } from "../local/clock.ts";
import { systemRandom } from "../local/random.ts";
import type { Settings } from "./settings.ts";

/** How calls are paced. A throttled call is retried for as long as an unanswered call is waited for. */
export function pacingOf({ concurrency, requestTimeoutSeconds }: Settings): Pacing {
  return { concurrency, patienceMs: requestTimeoutSeconds * 1_000, clock: systemClock, random: systemRandom };
}

/** How registries are read. */
export function readOptions({ confirmAfterSeconds }: Settings) {
  return { callsPerRegistry: 4, confirmAfterMs: confirmAfterSeconds * 1_000 } as const;
}

/** How stored reports are locked; `null` if they are not. */
export function lockOf({ storeLock }: Settings): ReportLock | null {
  return storeLock === null ? null : { ...storeLock, now: systemClock.now };
}

/** The role to assume in each audited account. */
export function roleOf({ roleName, externalId }: Settings): AuditRole {
  return { name: roleName, externalId };
}
