import * as z from "zod";
import { defineSection } from "./section.ts";

/** The requirements for scanning of the repositories that rules create. */
const scanningSchema = z.strictObject({
  required: z
    .boolean()
    .optional()
    .describe("Whether registry scanning must cover each prefix. Default: true."),
  frequencies: z
    .array(z.enum(["CONTINUOUS_SCAN", "SCAN_ON_PUSH", "MANUAL"]))
    .min(1)
    .readonly()
    .optional()
    .describe("The accepted scan frequencies. Default: CONTINUOUS_SCAN and SCAN_ON_PUSH."),
});

/** The `scanning` section. */
export const scanningSection = defineSection({
  schema: scanningSchema
    .optional()
    .describe("Requirements for image scanning. Without this section, scanning is not checked."),
  change: scanningSchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
