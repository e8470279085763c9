import * as z from "zod";
import { defineSection } from "./section.ts";

/** How the repositories that rules create must be scanned. */
const scanningSchema = z.strictObject({
  required: z
    .boolean()
    .optional()
    .describe("Whether registry scanning must cover each prefix; true when left out."),
  frequencies: z
    .array(z.enum(["CONTINUOUS_SCAN", "SCAN_ON_PUSH", "MANUAL"]))
    .min(1)
    .readonly()
    .optional()
    .describe("The scan frequencies that count; CONTINUOUS_SCAN and SCAN_ON_PUSH when left out."),
});

/** The section `scanning`. */
export const scanningSection = defineSection({
  schema: scanningSchema
    .optional()
    .describe("How cached repositories must be scanned; without it scanning is not looked at."),
  change: scanningSchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
