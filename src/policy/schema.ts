import * as z from "zod";
import { customChecksSchema } from "./sections/custom-checks.ts";
import { sectionSchemas } from "./sections/index.ts";
import { notificationsSchema } from "./sections/notifications.ts";
import { overridesSchema } from "./sections/overrides.ts";
import { ownersSchema } from "./sections/owners.ts";
import { scopeSchema } from "./sections/scope.ts";
import { waiversSchema } from "./sections/waivers.ts";

/** The policy file. Its published form is `policies/policy.schema.json`. */
export const policySchema = z
  .strictObject({
    $schema: z.string().optional().describe("The published schema, which lets editors complete keys."),
    version: z.literal(1).describe("The version of this file's format."),
    name: z
      .string()
      .min(1)
      .max(100)
      .default("unnamed policy")
      .describe("The policy's name, shown in reports."),
    scope: scopeSchema.prefault({}).describe("Which registries are audited."),
    ...sectionSchemas,
    customChecks: customChecksSchema.default([]).describe("Custom checks, as CEL expressions."),
    overrides: overridesSchema
      .default([])
      .describe("Different requirements for some registries. Later entries take precedence."),
    waivers: waiversSchema.default([]).describe("Known failures that are temporarily accepted."),
    owners: ownersSchema.default([]).describe("Who owns which findings. The first match counts."),
    notifications: notificationsSchema.prefault({}).describe("Who is notified of what, and when."),
  })
  .meta({
    title: "pull-through-auditor policy",
    description: "The requirements for the Amazon ECR pull through cache rules of an organization.",
  });

/** A validated policy file with its defaults filled in. */
export type Policy = Readonly<z.infer<typeof policySchema>>;
