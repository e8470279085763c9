import type { Conclusion } from "./audit/conclude.ts";
import { type Batch, collectBatch, type LedgerLine } from "./audit/fleet/collect-batch.ts";
import { concludeFleet, openFleetAudit } from "./audit/fleet/conclude-fleet.ts";
import { type FleetOrder, type FleetPointer, planFleet } from "./audit/fleet/plan-fleet.ts";
import { clientDefaults } from "./aws/http.ts";
import { identifyHub } from "./aws/identity.ts";
import { s3Store } from "./aws/s3-store.ts";
import { s3WorkPlace } from "./aws/s3-work-place.ts";
import { connect } from "./aws/sources.ts";
import { checkIds } from "./checks/index.ts";
import { systemClock } from "./local/clock.ts";
import { loadPolicy } from "./policy/load.ts";
import type { FleetSettings } from "./settings.ts";
import { defaultPolicy, openOutlets, pacingOf, readOptions, readPolicy, renderFiles } from "./wire.ts";

/**
 * Plans an audit that several functions carry out, by the policy that the settings name.
 *
 * @throws ConfigurationError when the policy can not be used
 * @throws CannotStartError, RequestError, StoreError as {@link planFleet}
 */
export async function planByFleet(
  order: Omit<FleetOrder, "policy">,
  settings: FleetSettings,
): Promise<FleetPointer> {
  const { defaults, place } = open(settings);
  const source = settings.policy ?? defaultPolicy;
  const text = await readPolicy(source, defaults);
  const { policy } = loadPolicy(text, source, checkIds);
  const sources = await connect(defaults, roleIn(settings), pacingOf(settings));
  return planFleet({ ...order, policy: { source, text } }, policy, { sources, clock: systemClock, place });
}

/**
 * Reads one batch of an audit's registries.
 *
 * @throws CannotStartError without region or working credentials
 * @throws ConfigurationError, StoreError as {@link collectBatch}
 */
export async function collectByFleet(
  { auditId, targets }: Batch,
  settings: FleetSettings,
): Promise<LedgerLine> {
  const { defaults, place } = open(settings);
  const [audit, sources] = await Promise.all([
    openFleetAudit(auditId, place),
    connect(defaults, roleIn(settings), pacingOf(settings)),
  ]);
  return collectBatch(targets, audit, { sources, clock: systemClock, place }, readOptions(settings));
}

/**
 * Judges, keeps, tells and remembers what was read. What kept it from being told or remembered is in the conclusion.
 *
 * @throws CannotStartError without region or working credentials
 * @throws ConfigurationError, StoreError as {@link concludeFleet}
 */
export async function concludeByFleet(auditId: string, settings: FleetSettings): Promise<Conclusion> {
  const { defaults, place } = open(settings);
  const outlets = openOutlets(settings, defaults, await identifyHub(defaults));
  const store = s3Store(settings.store, defaults);
  return concludeFleet(auditId, { place, store, clock: systemClock, outlets, renderFiles });
}

function open({ store, concurrency, requestTimeoutSeconds }: FleetSettings) {
  const defaults = clientDefaults(concurrency, requestTimeoutSeconds * 1_000);
  return { defaults, place: s3WorkPlace(store, defaults) };
}

function roleIn({ roleName, externalId }: FleetSettings) {
  return { name: roleName, externalId };
}
