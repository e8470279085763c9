import { allowanceSchema } from "./prefixes.ts";
import { defineSection } from "./section.ts";

/** The `undeclaredRules` section. */
export const undeclaredRulesSection = defineSection({
  schema: allowanceSchema
    .default("allow")
    .describe("Whether rules without a requiredRules entry are allowed."),
  change: allowanceSchema.describe("Replaces the value."),
  merging: "replaced",
});
