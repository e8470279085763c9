import * as z from "zod";
import { ruleSchema } from "../ecr/rule.ts";
import { type Target, targetSchema } from "../ecr/target.ts";
import { evidenceSchema, type Unreadable, unreadable } from "./evidence.ts";
import {
  creationTemplateSchema,
  type FactName,
  scanningConfigurationSchema,
  secretDescriptionSchema,
} from "./facts.ts";

/** The schema of {@link Validation}. */
export const validationSchema = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("valid") }),
  z.strictObject({
    outcome: z.literal("invalid"),
    failure: z.string().describe("AWS's own free text: hostile."),
  }),
  z.strictObject({ outcome: z.literal("declined"), detail: z.string() }),
]);

/**
 * What ValidatePullThroughCacheRule said of one rule. `invalid` has been confirmed by a second call;
 * `declined`: AWS refused to validate this kind of rule, which says nothing of its health.
 */
export type Validation = Readonly<z.infer<typeof validationSchema>>;

/** The schema of {@link ObservedRule}. */
export const observedRuleSchema = z.strictObject({
  rule: ruleSchema,
  validation: evidenceSchema(validationSchema).describe("absent: the rule was deleted during the audit."),
});

/** A rule and what AWS says of its health. */
export type ObservedRule = Readonly<z.infer<typeof observedRuleSchema>>;

/** The schema of {@link RegistrySnapshot}. */
export const snapshotSchema = z.strictObject({
  target: targetSchema,
  collectedAt: z.string(),
  rules: evidenceSchema(z.array(observedRuleSchema).readonly()),
  creationTemplates: evidenceSchema(z.array(creationTemplateSchema).readonly()),
  scanning: evidenceSchema(scanningConfigurationSchema),
  registryPolicy: evidenceSchema(z.string()).describe("The policy's JSON text; absent: none is set."),
  secrets: z
    .record(z.string(), evidenceSchema(secretDescriptionSchema))
    .describe("By the ARN in a rule's credentialArn; absent: there is no such secret."),
});

/** The facts of one registry at one time, without judgement. */
export type RegistrySnapshot = Readonly<z.infer<typeof snapshotSchema>>;

/** The facts of a registry that nobody asked for. */
export const nothingCollected: Pick<RegistrySnapshot, FactName> = {
  creationTemplates: notCollected("ecr:DescribeRepositoryCreationTemplates"),
  scanning: notCollected("ecr:GetRegistryScanningConfiguration"),
  registryPolicy: notCollected("ecr:GetRegistryPolicy"),
  secrets: {},
};

/** The evidence on a fact that no policy section asked for when the snapshot was made. */
export function notCollected(operation: string) {
  return unreadable("not-collected", operation, "nothing asked for it when the registry was read");
}

/** The snapshot of a registry of which nothing could be read. */
export function unreadSnapshot(target: Target, rules: Unreadable, at: Date): RegistrySnapshot {
  return { target, collectedAt: at.toISOString(), rules, ...nothingCollected };
}
