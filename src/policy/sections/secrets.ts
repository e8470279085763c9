import * as z from "zod";
import { defineSection } from "./section.ts";

const days = z.int().min(1).max(3_650);

/** How healthy the secrets must be that rules authenticate with. Their values are never read. */
const secretsSchema = z.strictObject({
  maxAgeDays: days.optional().describe("How many days ago a secret may have been changed last."),
  expiryTag: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe("The tag that holds the day on which the token expires, as 2027-01-31."),
  warnDays: days.optional().describe("How many days before that day to warn; 14 when left out."),
});

/** The section `secrets`. */
export const secretsSection = defineSection({
  schema: secretsSchema
    .optional()
    .describe("How healthy the rules' secrets must be; without it they are not looked at."),
  change: secretsSchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
