import * as z from "zod";
import { defineSection } from "./section.ts";

/** Who may change rules and what belongs to them. */
const changesSchema = z.strictObject({
  allowedPrincipals: z
    .array(z.string().min(1))
    .min(1)
    .readonly()
    .describe(
      "ARNs of the principals that may change rules, repository creation templates, scanning and registry policies, with * and ?. A role is named by its own ARN, with its path, not by that of a session.",
    ),
});

/** The `changes` section. */
export const changesSection = defineSection({
  schema: changesSchema
    .optional()
    .describe("Who may make changes. Without this section, it is not checked who made them."),
  change: changesSchema.describe("Merged key by key."),
  merging: "merged-by-key",
});
