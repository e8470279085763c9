import * as z from "zod";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";

/** The id of an organizational unit, or of a root. */
export const organizationalUnitSchema = z
  .string()
  .regex(/^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/, {
    error: "must be the id of an organizational unit, such as ou-ab12-34567890, or of a root",
  })
  .describe("The id of an organizational unit, such as ou-ab12-34567890, or of the root.");

/** Ids of organizational units or roots. An empty list matches everything. */
export const anyOrganizationalUnitsSchema = z.array(organizationalUnitSchema).readonly();

const accountsSchema = z.union(
  [z.enum(["organization", "current"]), z.array(accountIdSchema).min(1).readonly()],
  { error: 'must be "organization", "current" or a list of 12-digit account ids' },
);

const regionsSchema = z.union([z.literal("enabled"), z.array(regionSchema).min(1).readonly()], {
  error: 'must be "enabled" or a list of regions such as eu-west-1',
});

/** Which registries are audited. */
export const scopeSchema = z
  .strictObject({
    accounts: accountsSchema
      .default("current")
      .describe("All accounts of the organization, only the account in which the audit runs, or a list."),
    organizationalUnits: z
      .array(organizationalUnitSchema)
      .min(1)
      .readonly()
      .optional()
      .describe('Only accounts in these organizational units, at any depth. Requires "organization".'),
    excludeAccounts: z
      .array(accountIdSchema)
      .readonly()
      .default([])
      .describe("Accounts to exclude. Reports count them."),
    regions: regionsSchema
      .optional()
      .describe("The regions to audit, or all enabled regions of each account. Default: the current region."),
  })
  .refine((scope) => scope.organizationalUnits === undefined || scope.accounts === "organization", {
    path: ["organizationalUnits"],
    error: 'requires "accounts": "organization"',
  });
