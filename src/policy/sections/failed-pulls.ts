import * as z from "zod";
import { defineSection } from "./section.ts";

/** As long as pulls are remembered. */
const mostHours = 168;

/** When failed pulls through a rule count. */
const failedPullsSchema = z.strictObject({
  windowHours: z
    .int()
    .min(1)
    .max(mostHours)
    .optional()
    .describe("How many hours a failed pull counts. Default: 24."),
  atLeast: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("How many pulls with one failure code must have failed within the window. Default: 1."),
  ignoreCodes: z
    .array(z.string().min(1))
    .readonly()
    .optional()
    .describe("Failure codes that do not count, with * and ?, such as ImageNotFound. Default: none."),
});

/** The `failedPulls` section. */
export const failedPullsSection = defineSection({
  schema: failedPullsSchema
    .optional()
    .describe(
      "When failed pulls count, which member accounts forward. Without this section, the defaults hold.",
    ),
  change: failedPullsSchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
