import * as z from "zod";

/** How the repositories that rules create must be scanned. */
export const scanningSchema = z.strictObject({
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
