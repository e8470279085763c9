import * as z from "zod";
import { anyNamePatternsSchema } from "./where.ts";

const words = z.string().trim().min(1).max(500);

/** A failure that is known and accepted for a time. */
export const waiverSchema = z.strictObject({
  check: z.string().min(1).describe("The check's id; `*` and `?` are wildcards."),
  accounts: anyNamePatternsSchema.optional().describe("Account ids; every account when left out."),
  regions: anyNamePatternsSchema.optional().describe("Regions; every region when left out."),
  prefixes: anyNamePatternsSchema.optional().describe("Prefixes; every prefix when left out."),
  reason: words.describe("Why the failure is accepted."),
  owner: words.describe("Who answers for it."),
  ticket: words.optional().describe("Where it is followed up."),
  expires: z.iso
    .date({ error: "must be a day such as 2027-01-31" })
    .describe("The last day the waiver holds, UTC, as 2027-01-31."),
});

/** One entry of `waivers`. */
export type Waiver = Readonly<z.infer<typeof waiverSchema>>;

/** The failures that are accepted for a time. */
export const waiversSchema = z.array(waiverSchema).readonly();
