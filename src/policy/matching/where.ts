import { matchesAnyName } from "../../core/wildcards.ts";
import { matchesAnyPrefix } from "../../ecr/prefix.ts";
import type { Target } from "../../ecr/target.ts";
import type { RegistryPatterns } from "../sections/where.ts";

/** Whether `patterns` match the registry. All keys must match; an empty list matches everything. */
export function namesRegistry(
  { accounts, organizationalUnits, regions }: RegistryPatterns,
  target: Pick<Target, "account" | "organizationalUnits" | "region">,
): boolean {
  return (
    namesOne(accounts, target.account) &&
    namesOne(regions, target.region) &&
    (organizationalUnits === undefined ||
      organizationalUnits.length === 0 ||
      organizationalUnits.some((unit) => target.organizationalUnits.includes(unit)))
  );
}

/**
 * Whether one of `patterns` matches `name`. `undefined` or an empty list matches everything; a missing name (`null`)
 * matches only that.
 */
export function namesOne(patterns: readonly string[] | undefined, name: string | null): boolean {
  if (patterns === undefined || patterns.length === 0) return true;
  return name !== null && matchesAnyName(patterns, name);
}

/**
 * Whether one of `patterns` matches `prefix`. `undefined` or an empty list matches everything. A registry as a whole
 * (`null`) matches only if all prefixes match.
 */
export function namesPrefix(patterns: readonly string[] | undefined, prefix: string | null): boolean {
  if (patterns === undefined || patterns.length === 0) return true;
  return prefix === null ? patterns.includes("*") : matchesAnyPrefix(patterns, prefix);
}
