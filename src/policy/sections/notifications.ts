import * as z from "zod";
import { severitySchema } from "../../schemas/finding.ts";
import { anyNamePatternsSchema, registryPatternsShape } from "./where.ts";

/** The address of this project's files: the `repository` in package.json. */
export const DOCUMENTS = "https://github.com/pull-through-auditor/pull-through-auditor/blob/main";

const topicArnSchema = z
  .string()
  .regex(/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, "must be the ARN of an SNS topic");

/** A route that delivers some of the findings to their owner. */
export const routeSchema = z.strictObject({
  where: z
    .strictObject({
      ...registryPatternsShape,
      prefixes: anyNamePatternsSchema.optional().describe("Prefixes."),
      checks: anyNamePatternsSchema.optional().describe("Check ids."),
      owners: anyNamePatternsSchema
        .optional()
        .describe("Names of owners, as in the policy's `owners`. A finding without an owner matches none."),
    })
    .describe("The findings to deliver to this owner. All keys must match."),
  topicArn: topicArnSchema.describe("The SNS topic of the owner."),
});

/** A topic that also gets what stays open for long. */
export const escalationSchema = z.strictObject({
  afterDays: z.int().min(1).max(365).describe("The number of days for which a finding has been open."),
  topicArn: topicArnSchema.describe("The SNS topic that is notified in addition."),
  minimumSeverity: severitySchema
    .default("high")
    .describe("The minimum severity of findings to escalate. Default: high."),
});

/** Who is notified of what, and when. */
export const notificationsSchema = z.strictObject({
  when: z
    .enum(["changes", "always", "never"])
    .default("changes")
    .describe("When to notify: if something changed, after every audit, or never."),
  minimumSeverity: severitySchema
    .default("informational")
    .describe("The minimum severity of findings to notify of."),
  remindAfterDays: z
    .int()
    .min(1)
    .max(365)
    .nullable()
    .default(7)
    .describe(
      "The number of days after which to notify again of a finding that still fails; null for never. Default: 7.",
    ),
  documents: z
    .url({ protocol: /^https?$/ })
    .regex(/^[^\s<>"|]*[^\s<>"|/]$/, "must not end with a slash")
    .max(200)
    .default(DOCUMENTS)
    .describe("The address of a copy of this project, for links to its documents. Default: its repository."),
  escalate: escalationSchema
    .optional()
    .describe("Whom to notify in addition of findings that have been open for long."),
  routes: z
    .array(routeSchema)
    .readonly()
    .default([])
    .describe("Separate topics for individual owners. Findings without a route go to the default topic."),
});
