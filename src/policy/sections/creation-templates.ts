import * as z from "zod";
import { trustSettings } from "./registry-policy.ts";
import { defineSection } from "./section.ts";

/** What a lifecycle policy must do: exist and expire images, or expire them in time. */
export const lifecycleDemandSchema = z.union(
  [
    z.boolean(),
    z.strictObject({
      expireAfterDays: z
        .int()
        .min(1)
        .max(3_650)
        .describe(
          "The number of days after which images expire at the latest, counted from their push, or from their last pull where that moves them to the archive.",
        ),
    }),
  ],
  {
    error: "must be true, false or an object with expireAfterDays, a whole number of days from 1 to 3650",
  },
);

/** The requirements for the repository creation templates from which ECR creates cached repositories. */
const creationTemplatesSchema = z.strictObject({
  required: z
    .boolean()
    .optional()
    .describe("Whether a template must cover each prefix for PULL_THROUGH_CACHE. Default: true."),
  tagMutability: z
    .array(z.enum(["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"]))
    .min(1)
    .readonly()
    .optional()
    .describe("The allowed tag mutabilities. Immutable tags prevent ECR from refreshing cached images."),
  encryption: z
    .array(z.enum(["AES256", "KMS", "KMS_DSSE"]))
    .min(1)
    .readonly()
    .optional()
    .describe("The allowed encryption types."),
  lifecyclePolicy: lifecycleDemandSchema
    .optional()
    .describe("Whether the template must have a lifecycle policy that expires images, and when."),
  repositoryPolicy: z
    .union([z.boolean(), z.strictObject(trustSettings)], {
      error: "must be true, false or an object with trustedAccounts, trustOrganization or organizationId",
    })
    .optional()
    .describe(
      "Whether the template must have a repository policy, and whom it may let in. It never may let everybody in.",
    ),
});

/** The `creationTemplates` section. */
export const creationTemplatesSection = defineSection({
  schema: creationTemplatesSchema
    .optional()
    .describe("Requirements for repository creation templates. Without this section, they are not checked."),
  change: creationTemplatesSchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
