import type { Target } from "../model/target.ts";
import { namesRegistry } from "./places.ts";
import type { Policy } from "./schema.ts";
import type { Override } from "./sections/overrides.ts";

/** The policy that holds for one registry, and the overrides that made it so. */
export type EffectivePolicy = {
  readonly policy: Policy;
  /** Positions in `overrides`, in the order in which they were applied. */
  readonly appliedOverrides: readonly number[];
};

/** Finds the policy that holds for a registry. Registries that the same overrides name share one. */
export function effectivePolicies(policy: Policy): (target: Target) => EffectivePolicy {
  const known = new Map<string, EffectivePolicy>();
  return (target) => {
    const appliedOverrides = policy.overrides.flatMap(({ where }, index) =>
      namesRegistry(where, target) ? [index] : [],
    );
    const key = appliedOverrides.join();
    const shared = known.get(key);
    if (shared !== undefined) return shared;
    const effective = {
      policy: appliedOverrides.reduce(applyAt(policy.overrides), policy),
      appliedOverrides,
    };
    known.set(key, effective);
    return effective;
  };
}

function applyAt(overrides: readonly Override[]) {
  return (policy: Policy, index: number): Policy => {
    const override = overrides[index];
    return override === undefined ? policy : applyOverride(policy, override.set);
  };
}

/** Applies one override: lists and single values are replaced, sections merged key by key. */
export function applyOverride(policy: Policy, set: Override["set"]): Policy {
  return {
    ...policy,
    allowedUpstreams: set.allowedUpstreams ?? policy.allowedUpstreams,
    prefixes: merged(policy.prefixes, set.prefixes),
    requiredRules: set.requiredRules ?? policy.requiredRules,
    undeclaredRules: set.undeclaredRules ?? policy.undeclaredRules,
    secrets: mergedSection(policy.secrets, set.secrets),
    creationTemplates: mergedSection(policy.creationTemplates, set.creationTemplates),
    scanning: mergedSection(policy.scanning, set.scanning),
    registryPolicy: mergedSection(policy.registryPolicy, set.registryPolicy),
    checks: mergedSettings(policy.checks, set.checks ?? {}),
  };
}

type Changes<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** `base` with the properties that `changes` gives. */
function merged<T extends object>(base: T, changes: Changes<T> | undefined): T {
  const result = { ...base };
  for (const key of keysOf(base, changes ?? {})) {
    const change = changes?.[key];
    if (change !== undefined) result[key] = change;
  }
  return result;
}

function keysOf<T extends object>(_base: T, changes: Changes<T>): readonly (keyof T)[] {
  return Object.keys(changes).filter((key): key is Extract<keyof T, string> => key in changes);
}

/** A section that only the override has is turned on by it. */
function mergedSection<T extends object>(base: T | undefined, changes: T | undefined): T | undefined {
  if (base === undefined || changes === undefined) return base ?? changes;
  return merged<T>(base, changes);
}

function mergedSettings(base: Policy["checks"], changes: Policy["checks"]): Policy["checks"] {
  const settings = { ...base };
  for (const [id, change] of Object.entries(changes)) settings[id] = { ...settings[id], ...change };
  return settings;
}
