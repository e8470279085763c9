import { listsMeet } from "../patterns.ts";
import type { PlacePatterns } from "../sections/place.ts";

/**
 * Whether two sets of patterns name a registry both. Which organizational units lie in one another, and which
 * accounts in them, the policy does not tell: then nobody can say.
 */
export function placesMeet(one: PlacePatterns, other: PlacePatterns): "yes" | "no" | "unknown" {
  if (!namesMeet(one.accounts, other.accounts) || !namesMeet(one.regions, other.regions)) return "no";
  if (isOpen(one.organizationalUnits) && isOpen(other.organizationalUnits)) return "yes";
  if (isOpen(one.organizationalUnits)) return isOpen(one.accounts) ? "yes" : "unknown";
  if (isOpen(other.organizationalUnits)) return isOpen(other.accounts) ? "yes" : "unknown";
  const share = one.organizationalUnits?.some((unit) => other.organizationalUnits?.includes(unit));
  return share === true ? "yes" : "unknown";
}

function namesMeet(some: readonly string[] = [], others: readonly string[] = []): boolean {
  return isOpen(some) || isOpen(others) || listsMeet(some, others);
}

function isOpen(names: readonly string[] | undefined): boolean {
  return names === undefined || names.length === 0;
}
