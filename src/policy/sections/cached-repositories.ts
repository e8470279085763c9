import * as z from "zod";
import { lifecycleDemandSchema } from "./creation-templates.ts";
import { defineSection } from "./section.ts";

/** The requirements for the repositories that rules filled. */
const cachedRepositoriesSchema = z.strictObject({
  matchTemplate: z
    .boolean()
    .optional()
    .describe(
      "Whether repositories must have the settings that the creation template in force gives new ones. Default: true.",
    ),
  lifecyclePolicy: lifecycleDemandSchema
    .optional()
    .describe("Whether each repository must have a lifecycle policy that expires images, and when."),
  unusedAfterDays: z
    .int()
    .min(1)
    .max(455)
    .optional()
    .describe(
      "After how many days without a pull a repository is reported. CloudWatch keeps the data for 455 days.",
    ),
  orphans: z
    .enum(["forbid", "allow"])
    .optional()
    .describe("Whether repositories may outlive the rule that filled them. Default: forbid."),
  exclude: z
    .array(z.string().min(1))
    .readonly()
    .optional()
    .describe("Names of repositories that are counted and not evaluated; `*` and `?` are wildcards."),
  estimateStorage: z
    .boolean()
    .optional()
    .describe(
      "Whether to estimate what unused and orphaned repositories store and cost, with one call for each of them. Default: false.",
    ),
  maxRepositories: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      "How many repositories of a registry one audit reads. If there are more, audits take turns by day. Default: 1000.",
    ),
});

/** The `cachedRepositories` section. */
export const cachedRepositoriesSection = defineSection({
  schema: cachedRepositoriesSchema
    .optional()
    .describe("Requirements for the repositories that rules filled. Without this section, none is read."),
  change: cachedRepositoriesSchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
