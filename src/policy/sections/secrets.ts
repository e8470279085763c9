import * as z from "zod";
import { defineSection } from "./section.ts";

const days = z.int().min(1).max(3_650);

/** The requirements for the secrets with which rules authenticate. Their values are never read. */
const secretsSchema = z.strictObject({
  maxAgeDays: days
    .optional()
    .describe("The maximum age of a secret's value in days: since its current version was created."),
  rotation: z
    .literal("required")
    .optional()
    .describe("Whether secrets must rotate automatically. Default: they need not."),
  expiryTag: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe("The tag that contains the expiry date of the token, such as 2027-01-31."),
  warnDays: days.optional().describe("The number of days before expiry from which to warn. Default: 14."),
});

/** The `secrets` section. */
export const secretsSection = defineSection({
  schema: secretsSchema
    .optional()
    .describe("Requirements for the rules' secrets. Without this section, they are not checked."),
  change: secretsSchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
