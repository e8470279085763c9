import * as z from "zod";
import { upstreamNameSchema } from "./allowed-upstreams.ts";
import { defineSection } from "./section.ts";
import { anyNamePatternsSchema, registryPatternsShape } from "./where.ts";

/** One rule that registries must have. */
export const requiredRuleSchema = z.strictObject({
  prefix: z.string().min(2).max(30).describe("The rule's prefix."),
  registry: upstreamNameSchema,
  urls: anyNamePatternsSchema.optional().describe("The upstream's host must be one of these."),
  upstreamPrefixes: anyNamePatternsSchema
    .optional()
    .describe("The upstream repository prefix must be one of these; ROOT is the whole upstream."),
  ...registryPatternsShape,
});

/** One entry of `requiredRules`. */
export type RequiredRule = Readonly<z.infer<typeof requiredRuleSchema>>;

/** The rules that registries must have. */
const requiredRulesSchema = z.array(requiredRuleSchema).readonly();

/** The `requiredRules` section. */
export const requiredRulesSection = defineSection({
  schema: requiredRulesSchema.default([]).describe("The rules that registries must have."),
  change: requiredRulesSchema.describe("Replaces the list."),
  merging: "replaced",
});
