import * as z from "zod";
import { accountIdSchema } from "../../ecr/target.ts";
import { defineSection } from "./section.ts";

/** Who a registry's policy may let import upstream images and create repositories. */
const registryPolicySchema = z.strictObject({
  trustedAccounts: z
    .array(accountIdSchema)
    .readonly()
    .optional()
    .describe("Accounts that are trusted, beside the registry's own."),
  trustOrganization: z
    .boolean()
    .optional()
    .describe(
      "Whether every principal of the organization is trusted, by a condition on aws:PrincipalOrgID.",
    ),
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, "must be the id of an organization, such as o-exampleorgid")
    .optional()
    .describe("The organization's id; needed only where AWS Organizations is not asked for accounts."),
});

/** The section `registryPolicy`. */
export const registryPolicySection = defineSection({
  schema: registryPolicySchema
    .optional()
    .describe("Who registry policies may let in; without it they are not looked at."),
  change: registryPolicySchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
