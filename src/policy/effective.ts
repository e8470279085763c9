import type { Target } from "../ecr/target.ts";
import { namesRegistry } from "./matching/where.ts";
import type { Policy } from "./schema.ts";
import type { Override } from "./sections/overrides.ts";

/** The policy that holds for one registry, and the overrides that made it so. */
export type ResolvedPolicy = {
  readonly policy: Policy;
  /** Positions in `overrides`, in the order in which they were applied. */
  readonly appliedOverrides: readonly number[];
};

/** Finds the policy that holds for a registry. Registries that the same overrides name share one. */
export function effectivePolicies(policy: Policy): (target: Target) => ResolvedPolicy {
  const known = new Map<string, ResolvedPolicy>();
  return (target) => {
    const holding = policy.overrides
      .map((override, position) => ({ ...override, position }))
      .filter(({ where }) => namesRegistry(where, target));
    const appliedOverrides = holding.map(({ position }) => position);
    const key = appliedOverrides.join();
    const shared = known.get(key);
    if (shared !== undefined) return shared;
    const inForce = holding.reduce((soFar, { set }) => applyOverride(soFar, set), policy);
    const effective = { policy: inForce, appliedOverrides };
    known.set(key, effective);
    return effective;
  };
}

/** Applies one override: lists and single values are replaced, sections merged key by key. */
export function applyOverride(policy: Policy, set: Override["set"]): Policy {
  return {
    ...policy,
    allowedUpstreams: set.allowedUpstreams ?? policy.allowedUpstreams,
    prefixes: mergedPrefixes(policy.prefixes, set.prefixes),
    requiredRules: set.requiredRules ?? policy.requiredRules,
    undeclaredRules: set.undeclaredRules ?? policy.undeclaredRules,
    secrets: mergedSection(policy.secrets, set.secrets),
    creationTemplates: mergedSection(policy.creationTemplates, set.creationTemplates),
    scanning: mergedSection(policy.scanning, set.scanning),
    registryPolicy: mergedSection(policy.registryPolicy, set.registryPolicy),
    checks: mergedSettings(policy.checks, set.checks ?? {}),
  };
}

function mergedPrefixes(
  base: Policy["prefixes"],
  changes: Override["set"]["prefixes"] = {},
): Policy["prefixes"] {
  return {
    ...base,
    ...changes,
    root: changes.root ?? base.root,
    overlap: changes.overlap ?? base.overlap,
    duplicateUpstreams: changes.duplicateUpstreams ?? base.duplicateUpstreams,
  };
}

/** A section that only the override has is turned on by it. */
function mergedSection<T extends object>(base: T | undefined, changes: T | undefined): T | undefined {
  return changes === undefined ? base : { ...base, ...changes };
}

function mergedSettings(base: Policy["checks"], changes: Policy["checks"]): Policy["checks"] {
  const settings = { ...base };
  for (const [id, change] of Object.entries(changes)) settings[id] = { ...settings[id], ...change };
  return settings;
}
