import { checksOf } from "../../checks/index.ts";
import { applyOverride } from "../../policy/effective.ts";
import type { Policy } from "../../policy/schema.ts";
import { isOn } from "./evaluate.ts";

/** The ids of the checks that neither the policy nor one of its overrides asks for, in the order of the catalogue. */
export function checksNotAsked(policy: Policy): readonly string[] {
  const inForce = [policy, ...policy.overrides.map(({ set }) => applyOverride(policy, set))];
  return checksOf(policy)
    .filter((check) => !inForce.some((one) => isOn(one)(check) && check.isAskedBy(one)))
    .map(({ id }) => id);
}
