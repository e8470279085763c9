import * as z from "zod";

const days = z.int().min(1).max(3_650);

/** How healthy the secrets must be that rules authenticate with. Their values are never read. */
export const secretsSchema = z.strictObject({
  maxAgeDays: days.optional().describe("How many days ago a secret may have been changed last."),
  expiryTag: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe("The tag that holds the day on which the token expires, as 2027-01-31."),
  warnDays: days.optional().describe("How many days before that day to warn; 14 when left out."),
});
