import * as z from "zod";
import { accountIdSchema } from "../../ecr/target.ts";
import { defineSection } from "./section.ts";

/** The keys that say whom a policy of a registry or a repository may let in. */
export const trustSettings = {
  trustedAccounts: z
    .array(accountIdSchema)
    .readonly()
    .optional()
    .describe("Trusted accounts, in addition to the registry's own account."),
  trustOrganization: z
    .boolean()
    .optional()
    .describe(
      "Whether all principals of the organization are trusted, based on conditions on aws:PrincipalOrgID.",
    ),
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, "must be the id of an organization, such as o-exampleorgid")
    .optional()
    .describe("The organization's id. Needed only if the audit does not list accounts in AWS Organizations."),
};

/** The principals that a registry policy may allow to import upstream images and create repositories. */
const registryPolicySchema = z.strictObject(trustSettings);

/** The `registryPolicy` section. */
export const registryPolicySection = defineSection({
  schema: registryPolicySchema
    .optional()
    .describe("Requirements for registry policies. Without this section, they are not checked."),
  change: registryPolicySchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
