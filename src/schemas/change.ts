import * as z from "zod";
import { accountIdSchema, regionSchema } from "../ecr/target.ts";
import { changedBySchema } from "./finding.ts";

/** What a change in AWS was made to. */
export const changedThingSchema = z.enum([
  "rule",
  "creation-template",
  "scanning",
  "registry-policy",
  "secret",
]);
export type ChangedThing = z.infer<typeof changedThingSchema>;

/** The schema of {@link ObservedChange}. */
export const observedChangeSchema = z.strictObject({
  account: accountIdSchema,
  region: regionSchema,
  thing: changedThingSchema,
  name: z
    .string()
    .nullable()
    .describe("The prefix of the rule or template, or the name or ARN of the secret; null if there is one."),
  action: z.string().describe("The API call, such as UpdatePullThroughCacheRule."),
  by: changedBySchema.nullable().describe("Null if CloudTrail does not name a principal."),
});

/** A change that CloudTrail recorded. Its texts are untrusted. */
export type ObservedChange = Readonly<z.infer<typeof observedChangeSchema>>;
