import * as z from "zod";
import { prefixForm } from "../ecr/prefix.ts";
import { plannedRuleSchema as anyPlannedRuleSchema } from "../ecr/rule.ts";
import { accountIdSchema, accountOrAllSchema, regionOrAllSchema, regionSchema } from "../ecr/target.ts";
import { statusSchema } from "./finding.ts";

/** The version of the plan's shape. */
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
    .describe("The findings that the change mends."),
  effects: z.array(z.string()).readonly().describe("What it changes for those who pull."),
};

/** The schema of {@link RuleChange}. */
const ruleChangeSchema = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("create"), before: z.null(), after: plannedRuleSchema, ...common }),
  z.strictObject({
    action: z.literal("update"),
    before: plannedRuleSchema,
    after: plannedRuleSchema.describe("Differs in its credential or its role alone."),
    ...common,
  }),
  z.strictObject({
    action: z.literal("replace"),
    before: plannedRuleSchema,
    after: plannedRuleSchema.describe("Needs the rule to be deleted and another one to be created."),
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
    .describe("sha256: and a digest of the rules below; apply refuses a registry that has other rules."),
  rules: z.array(plannedRuleSchema).readonly().describe("The registry's rules when the plan was made."),
  changes: z.array(ruleChangeSchema).readonly().describe("In the order in which they are carried out."),
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
            "What has to be decided before a change can be planned; null: no call of rules mends it.",
          ),
        instruction: z.string(),
      }),
    )
    .readonly()
    .describe("What people must do or decide."),
  leftAlone: z
    .array(z.strictObject({ ...about, status: statusSchema, why: z.string() }))
    .readonly()
    .describe("Findings that are waived, not known, or about a registry that was not seen."),
});

/** The changes that make failing registries compliant, and what no change can mend. */
export type RemediationPlan = Readonly<z.infer<typeof remediationPlanSchema>>;
export type Instruction = RemediationPlan["instructions"][number];
export type LeftAlone = RemediationPlan["leftAlone"][number];

/** What AWS answered to a change of a rule. */
export type Written =
  | { readonly outcome: "done" }
  | {
      readonly outcome: "refused";
      /** The exception's name, documented or not. */
      readonly exception: string;
      /** What AWS or the network said: hostile text. */
      readonly message: string;
    };

/** What became of a step of a plan. */
const stepOutcomes = ["applied", "unconfirmed", "undone", "failed", "skipped", "refused"] as const;
export type StepOutcome = (typeof stepOutcomes)[number];

/** A step of a plan, and what became of it. */
export type StepResult = {
  readonly account: string;
  readonly region: string;
  /** The change in one line. */
  readonly title: string;
  readonly outcome: StepOutcome;
  /** Why, where it is not simply applied. Holds hostile text. */
  readonly detail: string | null;
};
