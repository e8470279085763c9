import type { Target } from "../model/target.ts";
import { effectivePolicies } from "./effective.ts";
import { type Origin, originsOf } from "./origins.ts";
import { namesOne, namesRegistry } from "./places.ts";
import type { Policy } from "./schema.ts";

/** All of a policy that concerns one registry, and nothing else. A policy file of its own. */
export type RegistryPolicy = {
  readonly policy: Omit<Policy, "$schema" | "overrides">;
  readonly origins: readonly Origin[];
};

/** The policy that holds for one registry: overrides applied, and of lists by place only what names it. */
export function policyOfRegistry(policy: Policy, target: Target): RegistryPolicy {
  const effective = effectivePolicies(policy)(target);
  const { $schema, overrides, ...sections } = effective.policy;
  return {
    policy: {
      ...sections,
      requiredRules: sections.requiredRules.filter((rule) => namesRegistry(rule, target)),
      waivers: sections.waivers.filter(
        ({ accounts, regions }) => namesOne(accounts, target.account) && namesOne(regions, target.region),
      ),
    },
    origins: originsOf(policy, effective.appliedOverrides),
  };
}
