import * as z from "zod";
import { severitySchema } from "../../schemas/finding.ts";

/** What the policy changes about single checks, by check id. */
export const checkSettingsSchema = z.record(
  z.string(),
  z.strictObject({
    enabled: z.boolean().optional().describe("False turns the check off."),
    severity: severitySchema.optional().describe("The severity of the check's findings."),
  }),
);
