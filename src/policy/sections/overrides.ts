import * as z from "zod";
import { allowedUpstreamsSchema } from "./allowed-upstreams.ts";
import { checkSettingsSchema } from "./checks.ts";
import { creationTemplatesSchema } from "./creation-templates.ts";
import { allowanceSchema, prefixesShape } from "./prefixes.ts";
import { registryPolicySchema } from "./registry-policy.ts";
import { requiredRulesSchema } from "./required-rules.ts";
import { scanningSchema } from "./scanning.ts";
import { secretsSchema } from "./secrets.ts";
import { registryPatternsShape } from "./where.ts";

/** What an override may change: the sections that judge a registry. */
const overrideSetSchema = z.strictObject({
  allowedUpstreams: allowedUpstreamsSchema.optional().describe("Replaces the list."),
  prefixes: z.strictObject(prefixesShape).partial().optional().describe("Merged key by key."),
  requiredRules: requiredRulesSchema.optional().describe("Replaces the list."),
  undeclaredRules: allowanceSchema.optional().describe("Replaces the value."),
  secrets: secretsSchema.optional().describe("Merged key by key."),
  creationTemplates: creationTemplatesSchema.optional().describe("Merged key by key."),
  scanning: scanningSchema.optional().describe("Merged key by key."),
  registryPolicy: registryPolicySchema.optional().describe("Merged key by key."),
  checks: checkSettingsSchema.optional().describe("Merged key by key."),
});

/** What holds otherwise for some registries. */
export const overrideSchema = z.strictObject({
  where: z
    .strictObject(registryPatternsShape)
    .describe("The registries it holds for. All that is given must fit; an empty list always does."),
  set: overrideSetSchema.describe("The sections that differ. Lists are replaced, objects merged key by key."),
});

/** One entry of `overrides`. */
export type Override = Readonly<z.infer<typeof overrideSchema>>;

/** What holds otherwise for some registries; later entries win. */
export const overridesSchema = z.array(overrideSchema).readonly();
