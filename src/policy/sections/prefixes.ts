import * as z from "zod";
import { expressionProblem } from "../matching/matching.ts";
import { defineSection } from "./section.ts";

/** Whether a policy lets something be. */
export const allowanceSchema = z.enum(["allow", "forbid"]);

/** A regular expression in RE2 syntax that must match a name as a whole. */
export const expressionSchema = z.string().superRefine((pattern, context) => {
  const problem = expressionProblem(pattern);
  if (problem === null) return;
  context.addIssue({ code: "custom", message: problem });
});

/** What the prefixes of rules must look like; each property without its default. */
export const prefixesShape = {
  pattern: expressionSchema
    .optional()
    .describe("A regular expression (RE2 syntax) that every prefix must match as a whole."),
  maxLength: z.int().min(2).max(30).optional().describe("The longest prefix allowed; ECR itself allows 30."),
  root: allowanceSchema.describe(
    "Whether the prefix ROOT, which catches every other repository, is allowed.",
  ),
  overlap: allowanceSchema.describe(
    "Whether one rule's prefix may lie inside another's, as docker/library in docker.",
  ),
  duplicateUpstreams: allowanceSchema.describe(
    "Whether two rules of a registry may cache the same upstream and upstream prefix.",
  ),
} as const;

/** What the prefixes of rules must look like. */
export const prefixesSchema = z.strictObject({
  ...prefixesShape,
  root: prefixesShape.root.default("forbid"),
  overlap: prefixesShape.overlap.default("forbid"),
  duplicateUpstreams: prefixesShape.duplicateUpstreams.default("allow"),
});

/** The section `prefixes`. */
export const prefixesSection = defineSection({
  schema: prefixesSchema.prefault({}).describe("What the prefixes of rules must look like."),
  change: z.strictObject(prefixesShape).partial().describe("Merged key by key."),
  merging: "merged-by-key",
});
