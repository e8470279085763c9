import * as z from "zod";
import { severitySchema } from "../../schemas/finding.ts";

/** A check of the user's own: an expression that must hold for each rule or registry. */
export const customCheckSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens")
    .max(64)
    .describe("The check's id; it must differ from all others."),
  title: z.string().min(1).max(200).describe("What the check demands, as a short title."),
  severity: severitySchema.describe("The severity of the check's findings."),
  appliesTo: z
    .enum(["rule", "registry"])
    .describe("Whether each rule is judged, or each registry as a whole."),
  assert: z
    .string()
    .min(1)
    .max(4_000)
    .describe("A CEL expression over rule, registry, account and region that must be true."),
  message: z.string().min(1).max(2_000).describe("What is wrong when it is not."),
  remediation: z.string().min(1).max(2_000).describe("What to do then."),
});

/** One entry of `customChecks`. */
export type CustomCheck = Readonly<z.infer<typeof customCheckSchema>>;

/** The checks of the user's own. */
export const customChecksSchema = z.array(customCheckSchema).readonly();
