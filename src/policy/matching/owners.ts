import { memoize } from "../../core/memoize.ts";
import type { Finding, Owner } from "../../schemas/finding.ts";
import type { Owners } from "../sections/owners.ts";
import { namesPrefix, namesRegistry } from "./where.ts";

/** What the owner of a finding follows from. */
type Owned = Pick<Finding, "account" | "accountName" | "organizationalUnits" | "region" | "prefix">;

/**
 * Returns a function that finds the owner of a finding: the first entry of `owners` that matches, or the e-mail address
 * of the account, if the policy wants that; `null` for none.
 *
 * @param accountEmails the addresses by account id
 */
export function ownerFinder(
  owners: Owners,
  accountEmails: ReadonlyMap<string, string>,
): (finding: Owned) => Owner | null {
  if (owners === "account-email") {
    return ({ account, accountName }) => {
      const contact = accountEmails.get(account);
      return contact === undefined ? null : { name: accountName ?? account, contact };
    };
  }
  const entries = owners.map(({ where, name, contact = null }) => ({ where, owner: { name, contact } }));
  // There may be 100,000 findings of a few thousand registries.
  const known = new Map<string, typeof entries>();
  return (finding) => {
    const { account, region, organizationalUnits } = finding;
    const candidatesFor = memoize(known, () => entries.filter(({ where }) => namesRegistry(where, finding)));
    const candidates = candidatesFor([account, region, ...organizationalUnits].join(" "));
    return candidates.find(({ where }) => namesPrefix(where.prefixes, finding.prefix))?.owner ?? null;
  };
}
