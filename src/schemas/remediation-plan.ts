import * as z from "zod";
import { prefixForm } from "../ecr/prefix.ts";
import { plannedRuleSchema as anyPlannedRuleSchema } from "../ecr/rule.ts";
import { accountIdSchema, accountOrAllSchema, regionOrAllSchema, regionSchema } from "../ecr/target.ts";
import { statusSchema } from "./finding.ts";

/** The version of the plan's schema. */
export const PLAN_SCHEMA_VERSION = 1;

/** A rule as AWS accepts it: its prefix becomes a parameter of calls and a part of commands. */
const plannedRuleSchema = anyPlannedRuleSchema.extend({
  ecrRepositoryPrefix: z
    .string()
    .min(prefixForm.length.min)
    .max(prefixForm.length.max)
    .regex(prefixForm.pattern, "must be a prefix that Amazon ECR accepts, such as docker-hub"),
});

const common = {
  because: z
    .array(z.strictObject({ check: z.string(), kind: z.string(), title: z.string() }))
    .readonly()
    .describe("The findings that the change remediates."),
  effects: z.array(z.string()).readonly().describe("How the change affects image pulls."),
};

/** The schema of {@link RuleChange}. */
const ruleChangeSchema = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("create"), before: z.null(), after: plannedRuleSchema, ...common }),
  z.strictObject({
    action: z.literal("update"),
    before: plannedRuleSchema,
    after: plannedRuleSchema.describe("Differs only in its credential or its role."),
    ...common,
  }),
  z.strictObject({
    action: z.literal("replace"),
    before: plannedRuleSchema,
    after: plannedRuleSchema.describe("Requires deleting the rule and creating a new one."),
    ...common,
  }),
  z.strictObject({ action: z.literal("delete"), before: plannedRuleSchema, after: z.null(), ...common }),
]);

/** One change of one rule. */
export type RuleChange = Readonly<z.infer<typeof ruleChangeSchema>>;

/** The schema of {@link RegistryPlan}. */
const registryPlanSchema = z.strictObject({
  account: accountIdSchema,
  accountName: z.string().nullable(),
  region: regionSchema,
  fingerprint: z
    .string()
    .describe("sha256: and a digest of the rules below; apply refuses a registry whose rules differ."),
  rules: z.array(plannedRuleSchema).readonly().describe("The registry's rules when the plan was made."),
  changes: z.array(ruleChangeSchema).readonly().describe("In the order in which they are applied."),
});

/** The changes of one registry. */
export type RegistryPlan = Readonly<z.infer<typeof registryPlanSchema>>;

const about = {
  account: accountOrAllSchema,
  accountName: z.string().nullable(),
  region: regionOrAllSchema,
  prefix: z.string().nullable(),
  check: z.string(),
  kind: z.string(),
  title: z.string(),
};

/** The schema of {@link RemediationPlan}. */
export const remediationPlanSchema = z.strictObject({
  schemaVersion: z.literal(PLAN_SCHEMA_VERSION),
  plannedAt: z.iso.datetime(),
  policy: z.strictObject({ name: z.string(), digest: z.string() }),
  registries: z.array(registryPlanSchema).readonly(),
  instructions: z
    .array(
      z.strictObject({
        ...about,
        question: z
          .string()
          .nullable()
          .describe(
            "What must be decided before a change can be planned; null: no rule change remediates it.",
          ),
        instruction: z.string(),
      }),
    )
    .readonly()
    .describe("Manual steps and decisions."),
  leftAlone: z
    .array(z.strictObject({ ...about, status: statusSchema, why: z.string() }))
    .readonly()
    .describe("Findings that are waived, unknown, or about a registry that could not be read."),
});

/** The changes that make failing registries compliant, and the findings that no change remediates. */
export type RemediationPlan = Readonly<z.infer<typeof remediationPlanSchema>>;
export type Instruction = RemediationPlan["instructions"][number];
export type LeftAlone = RemediationPlan["leftAlone"][number];

/** The answer of AWS to a rule change. */
export type Written =
  | { readonly outcome: "done" }
  | {
      readonly outcome: "refused";
      /** The exception's name, documented or not. */
      readonly exception: string;
      /** The message from AWS or the network: hostile text. */
      readonly message: string;
    };

/** The outcome of a step of a plan. */
export const stepOutcomes = ["applied", "unconfirmed", "undone", "failed", "skipped", "refused"] as const;
export type StepOutcome = (typeof stepOutcomes)[number];

/** A step of a plan and its outcome. */
export type StepResult = {
  readonly account: string;
  readonly region: string;
  /** The change in one line. */
  readonly title: string;
  readonly outcome: StepOutcome;
  /** The reason, unless the step was simply applied. Contains hostile text. */
  readonly detail: string | null;
};
