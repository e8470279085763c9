import * as z from "zod";
import { type Evidence, evidenceSchema } from "./evidence.ts";

const moment = z.iso.datetime();
const count = z.int().min(1);

/** The schema of {@link FailedPulls}. */
export const failedPullsSchema = z.strictObject({
  code: z.string().nullable().describe("The failure code. Null: all codes beyond the most that are kept."),
  firstAt: moment,
  lastAt: moment,
  lastEvent: z.string().describe("A digest of the last event's ID, which decides between two of one time."),
  repository: z.string().nullable().describe("The repository of the last failure. Untrusted text."),
  tag: z.string().nullable().describe("The image tag of the last failure. Untrusted text."),
  reason: z.string().nullable().describe("The reason of the last failure. Untrusted text."),
  hours: z
    .array(z.tuple([z.int().min(0), count]).readonly())
    .readonly()
    .describe("How many pulls failed in each hour, by the hours since 1970-01-01T00:00Z, oldest first."),
});

/** The failed pulls through one rule that have one code. */
export type FailedPulls = Readonly<z.infer<typeof failedPullsSchema>>;

/** The schema of {@link HeardPulls}. */
export const heardPullsSchema = z.strictObject({
  prefix: z.string().describe("The rule's prefix, without a slash at its end."),
  lastSuccessAt: moment.nullable(),
  failures: z.array(failedPullsSchema).readonly(),
});

/** What was heard of pulls through one rule. */
export type HeardPulls = Readonly<z.infer<typeof heardPullsSchema>>;

const none: Evidence<readonly HeardPulls[]> = { state: "absent" };

/**
 * What the registry's account forwarded of its pulls (`ECR Pull Through Cache Action`), as the store has it. Where nothing was
 * forwarded or stored it is absent, which includes snapshot files of versions that did not record it: nobody knows
 * whether pulls succeed then.
 */
export const pulls = {
  operation: "s3:GetObject",
  schema: evidenceSchema(z.array(heardPullsSchema).readonly())
    .default(() => none)
    .describe("Heard pulls by rule; absent: nothing was heard."),
  notCollected: none,
  nameIn: null,
};
