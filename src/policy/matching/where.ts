import { matchesAnyName } from "../../core/wildcards.ts";
import { matchesAnyPrefix } from "../../ecr/prefix.ts";
import type { Target } from "../../ecr/target.ts";
import type { RegistryPatterns } from "../sections/where.ts";

/** Whether `patterns` name the registry: all that are given must fit, and an empty list always does. */
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

/** Whether `patterns` name `name`; no pattern at all names everything. */
export function namesOne(patterns: readonly string[] | undefined, name: string): boolean {
  return patterns === undefined || patterns.length === 0 || matchesAnyName(patterns, name);
}

/**
 * Whether `patterns` name `prefix`; no pattern at all names every one. A registry as a whole (`null`) is named only
 * where every prefix is.
 */
export function namesPrefix(patterns: readonly string[] | undefined, prefix: string | null): boolean {
  if (patterns === undefined || patterns.length === 0) return true;
  return prefix === null ? patterns.includes("*") : matchesAnyPrefix(patterns, prefix);
}
