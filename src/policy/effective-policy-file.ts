import { jsonPath } from "../core/problem.ts";
import type { Target } from "../ecr/target.ts";
import { effectivePolicies } from "./effective.ts";
import { namesOne, namesRegistry } from "./matching/where.ts";
import type { Policy } from "./schema.ts";

/** A value of an effective policy that comes from an override. */
type Origin = {
  /** The JSON path of the value in the effective policy. */
  readonly path: string;
  /** The JSON path of the value in the policy file. */
  readonly from: string;
};

/** The override from which each value comes. If several set the same value, the last one. */
export function originsOf({ overrides }: Policy, appliedOverrides: readonly number[]): readonly Origin[] {
  const origins = new Map<string, string>();
  for (const index of appliedOverrides) {
    // Stryker disable next-line OptionalChaining: an override that was applied is there
    for (const keys of leavesOf(overrides[index]?.set ?? {}, [])) {
      origins.set(jsonPath(keys), jsonPath(["overrides", index, "set", ...keys]));
    }
  }
  return Array.from(origins, ([path, from]) => ({ path, from }));
}

type Keys = readonly PropertyKey[];

/** The paths of the values that an override sets. Objects are merged; all other values are replaced. */
function leavesOf(value: object, keys: Keys): readonly Keys[] {
  return Object.entries(value).flatMap(([key, member]: [string, unknown]): readonly Keys[] => {
    if (member === undefined) return [];
    const isMerged = member instanceof Object && !Array.isArray(member);
    if (!isMerged || Object.keys(member).length === 0) return [[...keys, key]];
    return leavesOf(member, [...keys, key]);
  });
}

/** The part of a policy that applies to one registry, as a policy file. */
export type EffectivePolicy = {
  readonly policy: Omit<Policy, "$schema" | "overrides">;
  readonly origins: readonly Origin[];
};

/** The effective policy for one registry: overrides are applied, and required rules and waivers are filtered. */
export function effectivePolicyOf(policy: Policy, target: Target): EffectivePolicy {
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
