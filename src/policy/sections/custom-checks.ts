import * as z from "zod";
import { severitySchema } from "../../schemas/finding.ts";

/** A custom check: an expression that must be true for each rule or registry. */
export const customCheckSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens")
    .max(64)
    .describe("The check's id. It must be unique."),
  title: z.string().min(1).max(200).describe("The requirement, as a short title."),
  severity: severitySchema.describe("The severity of the check's findings."),
  appliesTo: z
    .enum(["rule", "registry"])
    .describe("Whether the check evaluates each rule, or each registry as a whole."),
  assert: z
    .string()
    .min(1)
    .max(4_000)
    .describe("A CEL expression over rule, registry, account and region that must be true."),
  message: z.string().min(1).max(2_000).describe("What is wrong if the expression is false."),
  remediation: z.string().min(1).max(2_000).describe("How to fix it."),
});

/** One entry of `customChecks`. */
export type CustomCheck = Readonly<z.infer<typeof customCheckSchema>>;

/** The custom checks of a policy. */
export const customChecksSchema = z.array(customCheckSchema).readonly();
