import * as z from "zod";
import { expressionProblem } from "../matching/matching.ts";
import { defineSection } from "./section.ts";

/** Whether a policy allows something. */
export const allowanceSchema = z.enum(["allow", "forbid"]);

/** A regular expression in RE2 syntax that must match a name as a whole. */
export const expressionSchema = z.string().superRefine((pattern, context) => {
  const problem = expressionProblem(pattern);
  if (problem === null) return;
  context.addIssue({ code: "custom", message: problem });
});

/** The requirements for the prefixes of rules, without the defaults. */
export const prefixesShape = {
  pattern: expressionSchema
    .optional()
    .describe("A regular expression (RE2 syntax) that every whole prefix must match."),
  maxLength: z.int().min(2).max(30).optional().describe("The maximum length of a prefix. ECR allows 30."),
  root: allowanceSchema.describe(
    "Whether the prefix ROOT, which matches all other repositories, is allowed.",
  ),
  overlap: allowanceSchema.describe(
    "Whether a rule's prefix may be nested inside another one, such as docker/library in docker.",
  ),
  duplicateUpstreams: allowanceSchema.describe(
    "Whether two rules of a registry may cache the same upstream and upstream prefix.",
  ),
} as const;

/** The requirements for the prefixes of rules. */
export const prefixesSchema = z.strictObject({
  ...prefixesShape,
  root: prefixesShape.root.default("forbid"),
  overlap: prefixesShape.overlap.default("forbid"),
  duplicateUpstreams: prefixesShape.duplicateUpstreams.default("allow"),
});

/** The `prefixes` section. */
export const prefixesSection = defineSection({
  schema: prefixesSchema.prefault({}).describe("Requirements for the prefixes of rules."),
  change: z.strictObject(prefixesShape).partial().describe("Merged key by key."),
  merging: "merged-by-key",
});
