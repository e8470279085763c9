import * as z from "zod";
import { severitySchema } from "../../schemas/finding.ts";
import { defineSection } from "./section.ts";

/** Room for the names of requirements, such as `PCI DSS v4.0.1/6.2.3`. */
const requirementLimits = { count: 16, characters: 64 } as const;

/** The settings that the policy changes for individual checks, by check id. */
const checkSettingsSchema = z.record(
  z.string(),
  z.strictObject({
    enabled: z.boolean().optional().describe("`false` disables the check."),
    severity: severitySchema.optional().describe("The severity of the check's findings."),
    requirements: z
      .array(z.string().trim().min(1).max(requirementLimits.characters))
      .max(requirementLimits.count)
      .readonly()
      .optional()
      .describe("Requirements of your frameworks that the check covers, in addition to those it has."),
  }),
);

/** The `checks` section. */
export const checksSection = defineSection({
  schema: checkSettingsSchema
    .default({})
    .describe("Disables checks, changes their severity, or adds requirements that they cover."),
  change: checkSettingsSchema.describe("Merged key by key."),
  merging: "merged-by-setting",
});
