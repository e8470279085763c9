import { allowanceSchema } from "./prefixes.ts";
import { defineSection } from "./section.ts";

/** The section `undeclaredRules`. */
export const undeclaredRulesSection = defineSection({
  schema: allowanceSchema
    .default("allow")
    .describe("Whether there may be rules that no requiredRules entry names."),
  change: allowanceSchema.describe("Replaces the value."),
  merging: "replaced",
});
