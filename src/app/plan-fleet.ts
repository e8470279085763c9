import { type FleetOrder, type FleetPointer, planFleet } from "../audit/fleet/plan-fleet.ts";
import { connect } from "../aws/sources.ts";
import { checkIds } from "../checks/index.ts";
import { systemClock } from "../local/clock.ts";
import { loadPolicy } from "../policy/load.ts";
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
  order: Omit<FleetOrder, "policy">,
  settings: FleetSettings,
): Promise<FleetPointer> {
  const { defaults, storage } = openFleetStorage(settings);
  const source = settings.policy ?? defaultPolicy;
  const text = await readPolicy(source, defaults);
  const { policy } = loadPolicy(text, source, checkIds);
  const sources = await connect(defaults, roleOf(settings), pacingOf(settings), {
    listsOrganization: policy.scope.accounts === "organization",
  });
  return planFleet({ ...order, policy: { source, text } }, policy, { sources, clock: systemClock, storage });
}
