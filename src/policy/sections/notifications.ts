import * as z from "zod";
import { severitySchema } from "../../schemas/finding.ts";
import { anyNamePatternsSchema, registryPatternsShape } from "./where.ts";

/** One owner's share of the alerts. */
export const routeSchema = z.strictObject({
  where: z
    .strictObject({
      ...registryPatternsShape,
      prefixes: anyNamePatternsSchema.optional().describe("Prefixes."),
      checks: anyNamePatternsSchema.optional().describe("Check ids."),
    })
    .describe("The findings that concern this owner. All that is given must fit."),
  topicArn: z
    .string()
    .regex(/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, "must be the ARN of an SNS topic")
    .describe("The SNS topic that the owner is told by."),
});

/** Who is told of what, and when. */
export const notificationsSchema = z.strictObject({
  when: z
    .enum(["changes", "always", "never"])
    .default("changes")
    .describe("When people are told: when something changed, after every audit, or not at all."),
  minimumSeverity: severitySchema
    .default("informational")
    .describe("The least severity that people are told of."),
  remindAfterDays: z
    .int()
    .min(1)
    .max(365)
    .optional()
    .describe("After how many days a finding that still fails is told again; never when left out."),
  routes: z
    .array(routeSchema)
    .readonly()
    .default([])
    .describe("Topics of their own for single owners; what no route takes goes to the default topic."),
});
