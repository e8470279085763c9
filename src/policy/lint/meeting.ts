import { listsMeet } from "../patterns.ts";
import type { PlacePatterns } from "../sections/place.ts";

/**
 * Whether two sets of patterns name a registry both. Which organizational units lie in one another, and which
 * accounts in them, the policy does not tell: then nobody can say.
 */
export function placesMeet(one: PlacePatterns, other: PlacePatterns): "yes" | "no" | "unknown" {
  if (!namesMeet(one.accounts, other.accounts) || !namesMeet(one.regions, other.regions)) return "no";
  const { organizationalUnits: units = [] } = one;
  const { organizationalUnits: otherUnits = [] } = other;
  if (isOpen(units) && isOpen(otherUnits)) return "yes";
  if (isOpen(units)) return isOpen(one.accounts) ? "yes" : "unknown";
  if (isOpen(otherUnits)) return isOpen(other.accounts) ? "yes" : "unknown";
  return units.some((unit) => otherUnits.includes(unit)) ? "yes" : "unknown";
}

function namesMeet(some: readonly string[] = [], others: readonly string[] = []): boolean {
  return isOpen(some) || isOpen(others) || listsMeet(some, others);
}

function isOpen(names: readonly string[] | undefined): boolean {
  return names === undefined || names.length === 0;
}
