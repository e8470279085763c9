import { stableDigits } from "./arn.ts";
import type { Account, Organization } from "./world.ts";

/**
 * The id of an organizational unit, from its path of names (`Workloads/Payments`).
 * Source: Organizations API reference, `OrganizationalUnit.Id`: `ou-<root>-<8 to 32 letters and digits>`.
 */
export function organizationalUnitId(organization: Pick<Organization, "rootId">, path: string): string {
  return `ou-${organization.rootId.replace("r-", "")}-${stableDigits(path, 8)}`;
}

/**
 * An account's path through the organization, `o-…/r-…/ou-…/ou-…/<account>/`.
 * Source: Organizations API reference, `Account.Paths`.
 */
export function accountPath(organization: Organization, account: Account): string {
  const names = account.organizationalUnit.split("/").filter((name) => name !== "");
  const units = names.map((_name, depth) =>
    organizationalUnitId(organization, names.slice(0, depth + 1).join("/")),
  );
  return `${[organization.id, organization.rootId, ...units, account.id].join("/")}/`;
}
