import * as z from "zod";
import { evidenceSchema } from "./evidence.ts";
import { ruleSchema } from "./rule.ts";
import { targetSchema } from "./target.ts";

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
});

/** The facts of one registry at one time, without judgement. */
export type RegistrySnapshot = Readonly<z.infer<typeof snapshotSchema>>;
