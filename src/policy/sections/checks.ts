import * as z from "zod";
import { severitySchema } from "../../schemas/finding.ts";
import { defineSection } from "./section.ts";

/** The settings that the policy changes for individual checks, by check id. */
const checkSettingsSchema = z.record(
  z.string(),
  z.strictObject({
    enabled: z.boolean().optional().describe("`false` disables the check."),
    severity: severitySchema.optional().describe("The severity of the check's findings."),
  }),
);

/** The `checks` section. */
export const checksSection = defineSection({
  schema: checkSettingsSchema.default({}).describe("Disables checks or changes their severity."),
  change: checkSettingsSchema.describe("Merged key by key."),
  merging: "merged-by-setting",
});
