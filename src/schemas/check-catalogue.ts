import * as z from "zod";
import { severitySchema } from "./finding.ts";

/** The schema of {@link CheckCatalogue}. */
export const checkCatalogueSchema = z.strictObject({
  schemaVersion: z.literal(1),
  checks: z
    .array(
      z.strictObject({
        id: z.string(),
        severity: severitySchema.describe("The default severity, which a policy can change."),
        title: z.string().describe("What the check requires, in Markdown."),
        failsWhen: z.string().describe("When the check fails, as a clause in Markdown."),
        docs: z.string().describe("The path of the check's document in the project."),
        requirements: z
          .array(z.string())
          .readonly()
          .describe("The published requirements that it covers. A policy can add its own."),
        predictable: z.boolean().describe("Whether `check` evaluates it in code, before deployment."),
      }),
    )
    .readonly(),
});

/** The output of `checks --format json`. */
export type CheckCatalogue = Readonly<z.infer<typeof checkCatalogueSchema>>;
