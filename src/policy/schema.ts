import * as z from "zod";
import { allowedUpstreamsSchema } from "./sections/allowed-upstreams.ts";
import { checkSettingsSchema } from "./sections/checks.ts";
import { prefixesSchema } from "./sections/prefixes.ts";
import { scopeSchema } from "./sections/scope.ts";

/** The policy file. Its published form is `policies/policy.schema.json`. */
export const policySchema = z
  .strictObject({
    $schema: z.string().optional().describe("The published schema, for completion in editors."),
    version: z.literal(1).describe("The version of this file's format."),
    name: z
      .string()
      .min(1)
      .max(100)
      .default("unnamed policy")
      .describe("A name for people, shown in reports."),
    scope: scopeSchema.prefault({}).describe("Which registries are audited."),
    allowedUpstreams: allowedUpstreamsSchema.describe(
      "The upstreams that rules may cache; an empty list allows none.",
    ),
    prefixes: prefixesSchema.prefault({}).describe("What the prefixes of rules must look like."),
    checks: checkSettingsSchema.default({}).describe("Checks to turn off, or to give another severity."),
  })
  .meta({
    title: "pull-through-auditor policy",
    description: "What Amazon ECR pull through cache rules must look like in an organization.",
  });

/** A policy file, checked and with its defaults filled in. */
export type Policy = Readonly<z.infer<typeof policySchema>>;
