import * as z from "zod";
import { severitySchema } from "../../schemas/finding.ts";
import { defineSection } from "./section.ts";

/** What the policy changes about single checks, by check id. */
const checkSettingsSchema = z.record(
  z.string(),
  z.strictObject({
    enabled: z.boolean().optional().describe("False turns the check off."),
    severity: severitySchema.optional().describe("The severity of the check's findings."),
  }),
);

/** The section `checks`. */
export const checksSection = defineSection({
  schema: checkSettingsSchema.default({}).describe("Checks to turn off, or to give another severity."),
  change: checkSettingsSchema.describe("Merged key by key."),
  merging: "merged-by-setting",
});
