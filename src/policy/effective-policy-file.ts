import { jsonPath } from "../core/problem.ts";
import type { Target } from "../ecr/target.ts";
import { effectivePolicies } from "./effective.ts";
import { namesOne, namesRegistry } from "./matching/where.ts";
import type { Policy } from "./schema.ts";

/** A value of an effective policy that an override gave it. */
type Origin = {
  /** Where the value holds, as a JSON path. */
  readonly path: string;
  /** Where in the policy file it stands. */
  readonly from: string;
};

/** Which override gave what, where several gave the same value the one that won, the last. */
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

/** The places that an override gives values for: objects are merged, all else is replaced. */
function leavesOf(value: object, keys: Keys): readonly Keys[] {
  return Object.entries(value).flatMap(([key, member]: [string, unknown]): readonly Keys[] => {
    if (member === undefined) return [];
    const isMerged = member instanceof Object && !Array.isArray(member);
    if (!isMerged || Object.keys(member).length === 0) return [[...keys, key]];
    return leavesOf(member, [...keys, key]);
  });
}

/** All of a policy that concerns one registry, and nothing else. A policy file of its own. */
export type EffectivePolicy = {
  readonly policy: Omit<Policy, "$schema" | "overrides">;
  readonly origins: readonly Origin[];
};

/** The policy that holds for one registry: overrides applied, and of lists by place only what names it. */
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
