import * as z from "zod";
import { defineSection } from "./section.ts";

/** What the repository creation templates must look like that cached repositories are made by. */
const creationTemplatesSchema = z.strictObject({
  required: z
    .boolean()
    .optional()
    .describe("Whether a template must cover each prefix for PULL_THROUGH_CACHE; true when left out."),
  tagMutability: z
    .array(z.enum(["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"]))
    .min(1)
    .readonly()
    .optional()
    .describe("The allowed tag mutabilities; immutable tags keep a cache from being refreshed."),
  encryption: z
    .array(z.enum(["AES256", "KMS", "KMS_DSSE"]))
    .min(1)
    .readonly()
    .optional()
    .describe("The allowed encryption types."),
  lifecyclePolicy: z.boolean().optional().describe("True: the template must carry a lifecycle policy."),
  repositoryPolicy: z.boolean().optional().describe("True: the template must carry a repository policy."),
});

/** The section `creationTemplates`. */
export const creationTemplatesSection = defineSection({
  schema: creationTemplatesSchema
    .optional()
    .describe("What repository creation templates must look like; without it they are not looked at."),
  change: creationTemplatesSchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
