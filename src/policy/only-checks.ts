import { matchesName } from "../core/wildcards.ts";
import type { Policy } from "./schema.ts";

/**
 * The policy with only these checks turned on, whatever its overrides say. Waivers of the others are left out, because
 * they would count as unused.
 *
 * @param all the ids of all checks of an audit with the policy
 */
export function onlyChecks(policy: Policy, chosen: readonly string[], all: readonly string[]): Policy {
  const skipped = all.filter((id) => !chosen.includes(id));
  const turnedOff = (settings: Policy["checks"]): Policy["checks"] => ({
    ...settings,
    ...Object.fromEntries(skipped.map((id) => [id, { ...settings[id], enabled: false }])),
  });
  return {
    ...policy,
    checks: turnedOff(policy.checks),
    overrides: policy.overrides.map((override) =>
      override.set.checks === undefined
        ? override
        : { ...override, set: { ...override.set, checks: turnedOff(override.set.checks) } },
    ),
    waivers: policy.waivers.filter(({ check }) => chosen.some((id) => matchesName(check, id))),
  };
}
