import { type FleetOrder, type FleetPointer, planFleet } from "../audit/fleet/plan-fleet.ts";
import type { AuditStore } from "../audit/ports.ts";
import { s3Store } from "../aws/s3/store.ts";
import { connect } from "../aws/sources.ts";
import { checkIds } from "../checks/index.ts";
import { systemClock } from "../local/clock.ts";
import { loadPolicy } from "../policy/load.ts";
import type { Policy } from "../policy/schema.ts";
import type { FormerPrefixes } from "../schemas/state.ts";
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
  order: Omit<FleetOrder, "policy" | "formerPrefixes">,
  settings: FleetSettings,
): Promise<FleetPointer> {
  const { defaults, storage } = openFleetStorage(settings);
  const source = settings.policy ?? defaultPolicy;
  const text = await readPolicy(source, defaults);
  const { policy } = loadPolicy(text, source, checkIds);
  const sources = await connect(defaults, roleOf(settings), pacingOf(settings), {
    listsOrganization: policy.scope.accounts === "organization",
  });
  const formerPrefixes = await formerPrefixesFor(policy, s3Store(settings.store, defaults));
  const planned = { ...order, formerPrefixes, policy: { source, text } };
  return planFleet(planned, policy, { sources, clock: systemClock, storage });
}

/** The former rules that the state remembers, if the policy asks for what they left behind. */
async function formerPrefixesFor(policy: Policy, store: AuditStore): Promise<FormerPrefixes> {
  const isAsked = [policy, ...policy.overrides.map(({ set }) => set)].some(
    ({ cachedRepositories }) => cachedRepositories !== undefined,
  );
  return isAsked ? ((await store.readState())?.state.formerPrefixes ?? {}) : {};
}
