import { finalizeFleet } from "../audit/fleet/finalize-fleet.ts";
import type { FinalizedAudit } from "../audit/options.ts";
import { identifyHub } from "../aws/identity.ts";
import { s3Store } from "../aws/s3/store.ts";
import { systemClock } from "../local/clock.ts";
import { openFleetStorage } from "./fleet-storage.ts";
import { openNotifiers } from "./notifiers.ts";
import type { FleetSettings } from "./settings.ts";
import { renderFiles } from "./stored-files.ts";

/**
 * Evaluates what the fleet read, stores the report, delivers it and persists the state. If delivering or persisting
 * fails, the result says why.
 *
 * @param timeLeft how long the process may still run, in milliseconds
 * @throws CannotStartError without region or working credentials
 * @throws ConfigurationError, StoreError as {@link finalizeFleet}
 */
export async function finalizeByFleet(
  auditId: string,
  settings: FleetSettings,
  timeLeft: () => number,
): Promise<FinalizedAudit> {
  const { defaults, storage } = openFleetStorage(settings);
  const notifiers = openNotifiers(settings, defaults, await identifyHub(defaults));
  const store = s3Store(settings.store, defaults);
  return finalizeFleet(auditId, { storage, store, clock: systemClock, notifiers, renderFiles, timeLeft });
}
