import type { Target } from "../ecr/target.ts";
import { namesRegistry } from "./matching/where.ts";
import type { Policy } from "./schema.ts";
import { mergeSections } from "./sections/index.ts";
import type { Override } from "./sections/overrides.ts";

/** The effective policy for one registry, and the overrides that were applied to it. */
export type ResolvedPolicy = {
  readonly policy: Policy;
  /** Positions in `overrides`, in the order in which they were applied. */
  readonly appliedOverrides: readonly number[];
};

/** Returns the effective policy for a registry. Registries to which the same overrides apply share one object. */
export function effectivePolicies(policy: Policy): (target: Target) => ResolvedPolicy {
  const known = new Map<string, ResolvedPolicy>();
  const overrides = policy.overrides.map((override, position) => ({ ...override, position }));
  return (target) => {
    const applicable = overrides.filter(({ where }) => namesRegistry(where, target));
    const appliedOverrides = applicable.map(({ position }) => position);
    const key = appliedOverrides.join();
    const shared = known.get(key);
    if (shared !== undefined) return shared;
    const inForce = applicable.reduce((soFar, { set }) => applyOverride(soFar, set), policy);
    const effective = { policy: inForce, appliedOverrides };
    known.set(key, effective);
    return effective;
  };
}

/** Whether a policy, or one of its overrides, has cached repositories read. */
export function readsRepositories({ cachedRepositories, overrides }: Policy): boolean {
  return (
    cachedRepositories !== undefined || overrides.some(({ set }) => set.cachedRepositories !== undefined)
  );
}

/** Applies one override: lists and single values are replaced, sections merged key by key. */
export function applyOverride(policy: Policy, set: Override["set"]): Policy {
  return { ...policy, ...mergeSections(policy, set) };
}
