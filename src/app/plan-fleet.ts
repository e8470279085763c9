import { rememberedOfRepositories } from "../audit/compare/repository-turns.ts";
import { type FleetOrder, type FleetPointer, planFleet } from "../audit/fleet/plan-fleet.ts";
import type { AuditStore } from "../audit/ports.ts";
import { s3Store } from "../aws/s3/store.ts";
import { connect } from "../aws/sources.ts";
import { checkIds } from "../checks/index.ts";
import { systemClock } from "../local/clock.ts";
import { readsRepositories } from "../policy/effective.ts";
import { loadPolicy } from "../policy/load.ts";
import type { Policy } from "../policy/schema.ts";
import { openFleetStorage } from "./fleet-storage.ts";
import { defaultPolicy, readPolicy } from "./policy.ts";
import { pacingOf, roleOf } from "./reading.ts";
import type { FleetSettings } from "./settings.ts";

/**
 * Plans an audit that runs in several functions, with the policy from the settings.
 *
 * @throws ConfigurationError if the policy cannot be used
 * @throws CannotStartError, RequestError, StoreError as {@link planFleet}
 */
export async function planByFleet(
  order: Omit<FleetOrder, "policy" | keyof Remembered>,
  settings: FleetSettings,
): Promise<FleetPointer> {
  const { defaults, storage } = openFleetStorage(settings);
  const source = settings.policy ?? defaultPolicy;
  const text = await readPolicy(source, defaults);
  const { policy } = loadPolicy(text, source, checkIds);
  const sources = await connect(defaults, roleOf(settings), pacingOf(settings), {
    listsOrganization: policy.scope.accounts === "organization",
  });
  const remembered = await rememberedFor(policy, s3Store(settings.store, defaults));
  const planned = { ...order, ...remembered, policy: { source, text } };
  return planFleet(planned, policy, { sources, clock: systemClock, storage });
}

type Remembered = Pick<FleetOrder, "formerPrefixes" | "lastParts">;

/** What the state remembers of cached repositories, if the policy asks for them. */
async function rememberedFor(policy: Policy, store: AuditStore): Promise<Remembered> {
  const stored = readsRepositories(policy) ? await store.readState() : null;
  return rememberedOfRepositories(stored?.state ?? null);
}
