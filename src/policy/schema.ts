import * as z from "zod";
import { allowedUpstreamsSchema } from "./sections/allowed-upstreams.ts";
import { checkSettingsSchema } from "./sections/checks.ts";
import { creationTemplatesSchema } from "./sections/creation-templates.ts";
import { customChecksSchema } from "./sections/custom-checks.ts";
import { notificationsSchema } from "./sections/notifications.ts";
import { overridesSchema } from "./sections/overrides.ts";
import { allowanceSchema, prefixesSchema } from "./sections/prefixes.ts";
import { registryPolicySchema } from "./sections/registry-policy.ts";
import { requiredRulesSchema } from "./sections/required-rules.ts";
import { scanningSchema } from "./sections/scanning.ts";
import { scopeSchema } from "./sections/scope.ts";
import { secretsSchema } from "./sections/secrets.ts";
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
    allowedUpstreams: allowedUpstreamsSchema.describe(
      "The upstreams that rules may cache; an empty list allows none.",
    ),
    prefixes: prefixesSchema.prefault({}).describe("What the prefixes of rules must look like."),
    requiredRules: requiredRulesSchema.default([]).describe("The rules that registries must have."),
    undeclaredRules: allowanceSchema
      .default("allow")
      .describe("Whether there may be rules that no requiredRules entry names."),
    secrets: secretsSchema
      .optional()
      .describe("How healthy the rules' secrets must be; without it they are not looked at."),
    creationTemplates: creationTemplatesSchema
      .optional()
      .describe("What repository creation templates must look like; without it they are not looked at."),
    scanning: scanningSchema
      .optional()
      .describe("How cached repositories must be scanned; without it scanning is not looked at."),
    registryPolicy: registryPolicySchema
      .optional()
      .describe("Who registry policies may let in; without it they are not looked at."),
    checks: checkSettingsSchema.default({}).describe("Checks to turn off, or to give another severity."),
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
