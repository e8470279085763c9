import { finalizeFleet } from "../audit/fleet/finalize-fleet.ts";
import type { FinalizedAudit } from "../audit/options.ts";
import { openAccess, openHub, openTrails } from "../aws/access.ts";
import { s3Store } from "../aws/s3/store.ts";
import { systemClock } from "../local/clock.ts";
import { openFleetStorage } from "./fleet-storage.ts";
import { openNotifiers } from "./notifiers.ts";
import { lockOf, pacingOf, roleOf } from "./reading.ts";
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
  const hub = openHub(defaults, pacingOf(settings));
  const access = await openAccess(hub, roleOf(settings), systemClock.now);
  const notifiers = openNotifiers(settings, defaults, access.identity);
  const sources = { openTrail: openTrails(access) };
  const store = s3Store(settings.store, defaults, lockOf(settings));
  return finalizeFleet(auditId, {
    storage,
    store,
    clock: systemClock,
    sources,
    notifiers,
    renderFiles,
    timeLeft,
  });
}
