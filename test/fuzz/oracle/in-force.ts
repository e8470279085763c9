import type { PolicyFile } from "../../support/builders.ts";
import type { Place } from "./model.ts";
import { isNamed } from "./wildcards.ts";

type Patterns = NonNullable<PolicyFile["overrides"]>[number]["where"];

/** Whether a section's place is one of the registry's. */
export function isPlaced({ accounts, organizationalUnits: units, regions }: Patterns, place: Place): boolean {
  const isInside =
    units === undefined || units.length === 0 || units.some((unit) => place.units.includes(unit));
  return isInside && isNamed(accounts, place.account) && isNamed(regions, place.region);
}

/** The policy that holds for a registry: each override that is meant for it wins over those before. */
export function policyInForce(policy: PolicyFile, place: Place): PolicyFile {
  const overrides = (policy.overrides ?? []).filter(({ where }) => isPlaced(where, place));
  return overrides.reduce((before, { set }) => overridden(before, set), policy);
}

type Changes = NonNullable<PolicyFile["overrides"]>[number]["set"];

/** Lists replace lists, sections are merged. */
function overridden(before: PolicyFile, set: Changes): PolicyFile {
  return {
    ...before,
    allowedUpstreams: set.allowedUpstreams ?? before.allowedUpstreams,
    requiredRules: set.requiredRules ?? before.requiredRules,
    undeclaredRules: set.undeclaredRules ?? before.undeclaredRules,
    prefixes: { ...before.prefixes, ...set.prefixes },
    secrets: merged(before.secrets, set.secrets),
    creationTemplates: merged(before.creationTemplates, set.creationTemplates),
    scanning: merged(before.scanning, set.scanning),
    registryPolicy: merged(before.registryPolicy, set.registryPolicy),
    cachedRepositories: merged(before.cachedRepositories, set.cachedRepositories),
    checks: { ...before.checks, ...mergedSettings(before, set.checks ?? {}) },
  };
}

function merged<T>(before: T | undefined, changes: T | undefined): T | undefined {
  return before === undefined || changes === undefined ? (changes ?? before) : { ...before, ...changes };
}

function mergedSettings(before: PolicyFile, checks: NonNullable<PolicyFile["checks"]>): PolicyFile["checks"] {
  return Object.fromEntries(
    Object.entries(checks).map(([id, setting]) => [id, { ...before.checks?.[id], ...setting }]),
  );
}
