import * as z from "zod";
import { expressionProblem } from "../matching.ts";

/** Whether a policy lets something be. */
export const allowanceSchema = z.enum(["allow", "forbid"]);

/** A regular expression in RE2 syntax that must match a name as a whole. */
export const expressionSchema = z.string().superRefine((pattern, context) => {
  const problem = expressionProblem(pattern);
  if (problem === null) return;
  context.addIssue({ code: "custom", message: `is not a regular expression in RE2 syntax: ${problem}` });
});

/** What the prefixes of rules must look like. */
export const prefixesSchema = z.strictObject({
  pattern: expressionSchema
    .optional()
    .describe("A regular expression (RE2 syntax) that every prefix must match as a whole."),
  maxLength: z.int().min(2).max(30).optional().describe("The longest prefix allowed; ECR itself allows 30."),
  root: allowanceSchema
    .default("forbid")
    .describe("Whether the prefix ROOT, which catches every other repository, is allowed."),
  overlap: allowanceSchema
    .default("forbid")
    .describe("Whether one rule's prefix may lie inside another's, as docker/library in docker."),
  duplicateUpstreams: allowanceSchema
    .default("allow")
    .describe("Whether two rules of a registry may cache the same upstream and upstream prefix."),
});
