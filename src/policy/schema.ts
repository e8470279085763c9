import * as z from "zod";
import { customChecksSchema } from "./sections/custom-checks.ts";
import { sectionSchemas } from "./sections/index.ts";
import { notificationsSchema } from "./sections/notifications.ts";
import { overridesSchema } from "./sections/overrides.ts";
import { scopeSchema } from "./sections/scope.ts";
import { waiversSchema } from "./sections/waivers.ts";

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
    ...sectionSchemas,
    customChecks: customChecksSchema.default([]).describe("Checks of your own, as CEL expressions."),
    overrides: overridesSchema
      .default([])
      .describe("What holds otherwise for some registries; later ones win."),
    waivers: waiversSchema.default([]).describe("Failures that are known and accepted for a time."),
    notifications: notificationsSchema.prefault({}).describe("Who is told of what, and when."),
  })
  .meta({
    title: "pull-through-auditor policy",
    description: "What Amazon ECR pull through cache rules must look like in an organization.",
  });

/** A policy file, checked and with its defaults filled in. */
export type Policy = Readonly<z.infer<typeof policySchema>>;
