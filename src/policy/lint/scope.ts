import * as z from "zod";
import { jsonPath, type Problem } from "../../core/problem.ts";
import { partAt } from "../file-parts.ts";
import { namesOne } from "../matching/where.ts";
import { scopeSchema } from "../sections/scope.ts";
import { type RegistryPatterns, registryPatternsShape } from "../sections/where.ts";
import { knowsRegion, mayBeAccount } from "./names.ts";
import { placesIn } from "./places.ts";

type Scope = z.infer<typeof scopeSchema>;

/** The valid parts of the scope. */
type KnownScope = {
  readonly accounts: Scope["accounts"] | undefined;
  readonly excludedAccounts: readonly string[];
  readonly regions: Scope["regions"];
};

/** Requirements, overrides, waivers, owners and routes for registries that, according to the scope, are not audited. */
export function outsideScope(file: unknown): readonly Problem[] {
  const scope = scopeOf(file);
  return placesIn(file)
    .flatMap((keys) => partAt(file, keys, z.object(registryPatternsShape)))
    .flatMap(({ keys, value }) =>
      [
        ...misses("accounts", accountsMessage(value, scope)),
        ...misses("organizationalUnits", unitsMessage(value, scope)),
        ...misses("regions", regionsMessage(value, scope)),
      ].map(({ key, message }) => ({ path: jsonPath([...keys, key]), message })),
    );
}

function misses(key: keyof RegistryPatterns, message: string | null) {
  return message === null ? [] : [{ key, message }];
}

function scopeOf(file: unknown): KnownScope {
  const { accounts, excludeAccounts, regions } = scopeSchema.shape;
  return {
    accounts: partAt(file, ["scope", "accounts"], accounts)[0]?.value,
    excludedAccounts: partAt(file, ["scope", "excludeAccounts"], excludeAccounts).flatMap(
      ({ value }) => value,
    ),
    regions: partAt(file, ["scope", "regions"], regions)[0]?.value,
  };
}

function accountsMessage({ accounts = [] }: RegistryPatterns, scope: KnownScope): string | null {
  const { excludedAccounts: excluded } = scope;
  // Other lint rules report what is no account.
  if (accounts.length === 0 || !accounts.every(mayBeAccount)) return null;
  if (accounts.every((account) => excluded.includes(account))) {
    return "matches only accounts that the scope excludes";
  }
  if (!Array.isArray(scope.accounts)) return null;
  const audited = scope.accounts.filter((account) => !excluded.includes(account));
  return audited.some((account) => namesOne(accounts, account))
    ? null
    : "does not match any account of the scope";
}

function regionsMessage({ regions = [] }: RegistryPatterns, scope: KnownScope): string | null {
  if (!Array.isArray(scope.regions) || !regions.every(knowsRegion)) return null;
  return scope.regions.some((region) => namesOne(regions, region))
    ? null
    : "does not match any region of the scope";
}

/** Organizational units are known only if the audit reads AWS Organizations. */
function unitsMessage(
  { organizationalUnits = [] }: RegistryPatterns,
  { accounts }: KnownScope,
): string | null {
  if (organizationalUnits.length === 0 || accounts === undefined || accounts === "organization") return null;
  return 'uses organizational units, which are known only if the scope has "accounts": "organization"';
}
