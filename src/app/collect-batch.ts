import { type Batch, collectBatch, type LedgerLine } from "../audit/fleet/collect-batch.ts";
import { openFleetAudit } from "../audit/fleet/fleet-files.ts";
import { connect } from "../aws/sources.ts";
import { systemClock } from "../local/clock.ts";
import { openFleetStorage } from "./fleet-storage.ts";
import { pacingOf, readOptions, roleOf } from "./reading.ts";
import type { FleetSettings } from "./settings.ts";

/**
 * Reads one batch of an audit's registries.
 *
 * @param timeLeft how long the process may still run, in milliseconds
 * @throws CannotStartError without region or working credentials
 * @throws ConfigurationError, StoreError as {@link collectBatch}
 */
export async function collectByFleet(
  { auditId, targets }: Batch,
  settings: FleetSettings,
  timeLeft: () => number,
): Promise<LedgerLine> {
  const { defaults, storage } = openFleetStorage(settings);
  const [audit, sources] = await Promise.all([
    openFleetAudit(auditId, storage),
    connect(defaults, roleOf(settings), pacingOf(settings)),
  ]);
  return collectBatch(
    targets,
    audit,
    { sources, clock: systemClock, storage },
    { ...readOptions(settings), timeLeft },
  );
}
