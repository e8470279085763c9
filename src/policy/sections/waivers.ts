import * as z from "zod";
import { anyNamePatternsSchema } from "./where.ts";

const text = z.string().trim().min(1).max(500);

/** A known failure that is temporarily accepted. */
export const waiverSchema = z.strictObject({
  check: z.string().min(1).describe("The check's id; `*` and `?` are wildcards."),
  accounts: anyNamePatternsSchema.optional().describe("Account ids. Default: all accounts."),
  regions: anyNamePatternsSchema.optional().describe("Regions. Default: all regions."),
  prefixes: anyNamePatternsSchema.optional().describe("Prefixes. Default: all prefixes."),
  reason: text.describe("Why the failure is accepted."),
  owner: text.describe("Who is responsible for it."),
  ticket: text.optional().describe("The ticket that tracks it."),
  expires: z.iso
    .date({ error: "must be a date such as 2027-01-31" })
    .describe("The last day on which the waiver is valid (UTC), such as 2027-01-31."),
});

/** One entry of `waivers`. */
export type Waiver = Readonly<z.infer<typeof waiverSchema>>;

/** The schema of {@link WaiverInPlace}. */
export const waiverInPlaceSchema = waiverSchema.omit({ accounts: true, regions: true, prefixes: true });

/** A waiver that code holds beside the rule that it is for. */
export type WaiverInPlace = Readonly<z.infer<typeof waiverInPlaceSchema>>;

/** The failures that are temporarily accepted. */
export const waiversSchema = z.array(waiverSchema).readonly();
